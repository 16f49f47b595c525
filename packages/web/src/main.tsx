import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './app.css'
import { applyTheme } from './lib/theme.ts'
import { findWho, wasIn } from './lib/who.ts'

applyTheme()
void findWho()
// What they will see comes beside the question who they are, not after its answer.
if (wasIn()) void import('./signed-in.tsx')
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './app.css'
import { applyTheme } from './lib/theme.ts'
import { findWho } from './lib/who.ts'

applyTheme()
void findWho()
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

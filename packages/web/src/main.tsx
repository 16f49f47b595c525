// First, before libraries run.
import './lib/early.ts'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import './app.css'
import { speakPreferred } from './lib/languages.ts'
import { applyTheme } from './lib/theme.ts'
import { wasIn } from './lib/who.ts'

applyTheme()
// Before anything is said.
await speakPreferred()
// What they will see comes beside the question who they are, not after its answer.
if (wasIn()) void import('./signed-in.tsx')
// On plain http browsers have none.
void navigator.serviceWorker?.register('/sw.js').catch(() => {})
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

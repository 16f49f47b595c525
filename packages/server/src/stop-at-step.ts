import type { OnStep } from './services/pictures.ts'

/** For crash tests: when an upload passes the step of this name, the whole process stands still until somebody kills or continues it. */
export function stopAt(step: string): OnStep {
  return (name) => {
    if (name !== step) return
    process.stderr.write(`stopped at ${step}\n`)
    process.kill(process.pid, 'SIGSTOP')
  }
}

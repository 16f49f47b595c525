/** Told how long a call has taken, and whether it failed. */
type OnCall = (call: string, seconds: number, outcome: 'ok' | 'error') => void

type Call = (...args: never[]) => unknown

/**
 * A store whose calls are measured: its functions, and those of the ports in it, as `images.get`. What is not a promise goes
 * through as it is: such calls wait for nobody.
 */
export function timed<T extends object>(store: T, onCall: OnCall, within = ''): T {
  const entries = Object.entries(store).map(([name, part]) => {
    const call = within + name
    if (typeof part === 'function') return [name, measured(part as Call, (...told) => onCall(call, ...told))]
    return [name, within === '' && isPort(part) ? timed(part, onCall, `${name}.`) : part]
  })
  return Object.fromEntries(entries) as T
}

const isPort = (part: unknown): part is object => typeof part === 'object' && part !== null

function measured(run: Call, onEnd: (seconds: number, outcome: 'ok' | 'error') => void): Call {
  return (...args) => {
    const started = performance.now()
    const result = run(...args)
    if (!(result instanceof Promise)) return result
    const end = (outcome: 'ok' | 'error') => onEnd((performance.now() - started) / 1000, outcome)
    // Beside the promise that is handed on, whose failure is the caller's to catch.
    result.then(
      () => end('ok'),
      () => end('error'),
    )
    return result
  }
}

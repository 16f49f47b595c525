import { AppError } from '@imagehost/contract'

export interface Retrying {
  /** Tries after the first one. */
  retries: number
  wait: (ms: number, signal?: AbortSignal) => Promise<void>
  signal?: AbortSignal | undefined
}

/** Whoever is told to come back later than this had better hear so at once. */
const longestWaitMs = 60_000
const firstWaitMs = 500
/** Gateways between us and the server; and what the server itself says of a part that is away for a moment. */
const passingStatuses: readonly number[] = [429, 502, 503, 504]

/** Tries again what failed for a moment, after the time that the server names, or ever longer. Only for what may be done twice. */
export async function withRetries<T>({ retries, wait, signal }: Retrying, attempt: () => Promise<T>): Promise<T> {
  for (let tried = 0; ; tried++) {
    try {
      return await attempt()
    } catch (error) {
      const ms = error instanceof AppError && isPassing(error) ? waitMs(error, tried) : Number.POSITIVE_INFINITY
      if (tried >= retries || ms > longestWaitMs) throw error
      await wait(ms, signal)
    }
  }
}

const isPassing = ({ code, status, retryAfterSeconds }: AppError): boolean =>
  code === 'network_error' || code === 'timeout' || passingStatuses.includes(status) || retryAfterSeconds !== undefined

/** Half of a wait that the server did not name is chance, so that many clients do not come back at the same moment. */
function waitMs({ retryAfterSeconds }: AppError, tried: number): number {
  if (retryAfterSeconds !== undefined) return retryAfterSeconds * 1000
  return firstWaitMs * 2 ** tried * (0.5 + Math.random() / 2)
}

/** Resolves after the time, or throws the reason for which it was aborted. */
export function waitFor(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer)
      reject(signal?.reason)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop)
      resolve()
    }, ms)
    if (signal?.aborted) return stop()
    signal?.addEventListener('abort', stop, { once: true })
  })
}

import { AppError } from '@imagehost/contract'

interface Deadline {
  /** Aborted by the caller, or when the time is over. */
  signal: AbortSignal
  /** Something has come or gone: counts anew from now. */
  renew(): void
}

interface Patience {
  timeoutMs: number
  /** Until the first sign of life, where that may take longer. */
  firstMs?: number
  signal?: AbortSignal | undefined
}

/**
 * Work that is given up when nothing happens for a while. What the caller aborted throws the caller's reason; what
 * was too slow throws `timeout`; what else `fetch` throws (it says no more than that it failed) is `network_error`.
 */
export async function withDeadline<T>(
  { timeoutMs, firstMs = timeoutMs, signal }: Patience,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  signal?.throwIfAborted()
  const tooSlow = new AbortController()
  let limitMs = firstMs
  const start = () => setTimeout(() => tooSlow.abort(), limitMs)
  let timer = start()
  const renew = () => {
    clearTimeout(timer)
    limitMs = timeoutMs
    timer = start()
  }
  try {
    return await work({ signal: signal ? AbortSignal.any([signal, tooSlow.signal]) : tooSlow.signal, renew })
  } catch (error) {
    if (signal?.aborted) throw signal.reason
    if (tooSlow.signal.aborted) {
      throw new AppError('timeout', {
        message: `No answer within ${Math.round(limitMs / 1000)} seconds.`,
        cause: error,
      })
    }
    if (error instanceof AppError) throw error
    throw new AppError('network_error', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

import { MetadataUnavailable } from '../../ports/metadata-store.ts'
import { unavailable } from './failure.ts'

/** Below the 2 seconds in which a ping has to answer. */
const commandTimeoutMs = 1_500

/** Longer than the client's `socketTimeout`, so that a silent connection is given up between two attempts. */
const probeEveryMs = 2_000

/** Calls that wait for one Redis at once: above any load it can serve in time, below what hurts our memory. */
const maxWaiting = 20_000

export interface Lane {
  /** Sends a command and answers in time, with MetadataUnavailable if Redis does not. */
  send<T>(command: () => Promise<T>): Promise<T>
}

/**
 * The way to one Redis process. The client's own command timeout ends once a command is written, and its `socketTimeout`
 * starts anew with each write, so under load a frozen or cut-off Redis would be waited for as long as TCP does, a quarter
 * of an hour. Here each command has its time; when one runs out, the lane is stalled: further calls fail at once, nothing
 * is written, and so the silent socket times out and is replaced. An answer, however late, opens the lane again, and so does the
 * end of the connection, since a client without one fails at once by itself; now and then one call is let through too.
 */
export function createLane(): Lane {
  const waiting = new Set<Waiting>()
  let timer: NodeJS.Timeout | undefined
  let stalled = false
  let nextProbe = 0

  function expire(): void {
    timer = undefined
    const now = performance.now()
    for (const call of waiting) {
      if (call.deadline > now) break
      waiting.delete(call)
      stalled = true
      nextProbe = now + probeEveryMs
      call.reject(new MetadataUnavailable('Redis does not answer in time.'))
    }
    watch()
  }

  /** All deadlines are equally far, so the oldest call is the first to run out: one timer is enough for all. */
  function watch(): void {
    const [oldest] = waiting
    if (!oldest || timer) return
    timer = setTimeout(expire, Math.max(1, oldest.deadline - performance.now()))
    timer.unref()
  }

  function isShut(now: number): boolean {
    if (waiting.size >= maxWaiting) return true
    if (!stalled) return false
    if (now < nextProbe) return true
    nextProbe = now + probeEveryMs
    return false
  }

  return {
    send<T>(command: () => Promise<T>): Promise<T> {
      const now = performance.now()
      if (isShut(now)) return Promise.reject(new MetadataUnavailable('Redis does not answer.'))
      return new Promise<T>((resolve, reject) => {
        const call: Waiting = { deadline: now + commandTimeoutMs, reject }
        waiting.add(call)
        if (!timer) watch()
        const settle = () => {
          stalled = false
          waiting.delete(call)
        }
        command().then(
          (reply) => {
            settle()
            resolve(reply)
          },
          (error: unknown) => {
            settle()
            reject(unavailable(error))
          },
        )
      })
    },
  }
}

interface Waiting {
  deadline: number
  reject(error: unknown): void
}

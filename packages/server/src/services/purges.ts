import type { Log } from '../ports/log.ts'
import type { Purger } from '../ports/purger.ts'

/** As the purge calls of CDNs take at once. */
const perCall = 30
/** Ids that wait; more are given up, so that a CDN that is away fills no memory. Their copies end by themselves. */
const maxWaiting = 10_000
/** Waits before each further attempt: together longer than a CDN's hiccup. */
const pausesMs = [1_000, 5_000, 30_000, 120_000]

export type Purges = ReturnType<typeof createPurges>

/** Tells shared caches to let go of images, behind the back of whoever deletes them, until it is done or given up. */
export function createPurges(deps: {
  purger: Purger | undefined
  /** Told how many images were let go, or not in the end. */
  onPurge: (outcome: 'done' | 'failed', images: number) => void
  log: Log
  pauses?: readonly number[]
}) {
  const { purger, onPurge, log, pauses = pausesMs } = deps
  const waiting = new Set<string>()
  const stopping = new AbortController()
  let working: Promise<void> | undefined

  /** Nobody may see this image any more, or not everybody. */
  function purge(imageId: string): void {
    if (!purger || stopping.signal.aborted) return
    if (waiting.size >= maxWaiting) onPurge('failed', 1)
    else waiting.add(imageId)
    working ??= work(purger).finally(() => {
      working = undefined
    })
  }

  async function work(by: Purger): Promise<void> {
    // What is deleted together is asked for together.
    await new Promise(setImmediate)
    while (waiting.size > 0 && !stopping.signal.aborted) {
      const ids = [...waiting].slice(0, perCall)
      for (const id of ids) waiting.delete(id)
      onPurge((await succeeds(by, ids)) ? 'done' : 'failed', ids.length)
    }
  }

  async function succeeds(by: Purger, ids: readonly string[]): Promise<boolean> {
    for (let attempt = 0; ; attempt++) {
      try {
        await by.purge(ids)
        return true
      } catch (err) {
        const pause = pauses[attempt]
        if (pause === undefined || !(await passed(pause, stopping.signal))) {
          log.error({ err, images: ids }, 'The CDN was not told to let go of these; it keeps them for a day at most.')
          return false
        }
      }
    }
  }

  return {
    purge,
    /** Gives up what waits for another attempt. */
    close: async () => {
      stopping.abort()
      await working
    },
  }
}

/** False if it was cut short. */
function passed(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => resolve(true), milliseconds)
  const stop = () => {
    clearTimeout(timer)
    resolve(false)
  }
  if (signal.aborted) stop()
  signal.addEventListener('abort', stop, { once: true })
  return promise
}

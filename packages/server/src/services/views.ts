import type { Images } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'

/** Views wait in memory at most this long; a crash loses no more. */
const flushEveryMs = 5_000
/** Different images counted between two flushes; more are flushed early, so that a crawler fills no memory. */
const maxCounted = 10_000

export type Views = ReturnType<typeof createViews>

/** Counts views in memory and writes them together, so that a read stays a read. */
export function createViews({ images, log }: { images: Images; log: Log }) {
  let counted = new Map<string, number>()
  let flushing: Promise<void> = Promise.resolve()

  function count(id: string): void {
    counted.set(id, (counted.get(id) ?? 0) + 1)
    if (counted.size >= maxCounted) void flush()
  }

  /** Writes what is counted; what fails is tried once more with the next flush, as far as it is not too much. */
  function flush(): Promise<void> {
    flushing = flushing.then(async () => {
      if (counted.size === 0) return
      const views = counted
      counted = new Map()
      try {
        await images.addViews(views)
      } catch (error) {
        log.warn({ err: error, images: views.size }, 'Views could not be written; they are kept for the next try.')
        for (const [id, n] of views) if (counted.size < maxCounted) counted.set(id, (counted.get(id) ?? 0) + n)
      }
    })
    return flushing
  }

  const timer = setInterval(() => void flush(), flushEveryMs).unref()

  return {
    count,
    flush,
    close: async () => {
      clearInterval(timer)
      await flush()
    },
  }
}

import { AppError } from '@imagehost/contract/errors'

export interface WorkQueueLimits {
  /** Estimated bytes that may be under work together. */
  memoryBytes: number
  /** Pieces of work that may run at the same time. */
  slots: number
  /** Pieces that may wait; more are refused. */
  queue: number
}

export type WorkQueue = ReturnType<typeof createWorkQueue>

/** Fewest seconds to wait before coming back: about what a full queue of ordinary photographs takes on two cores. */
const retryAfterSeconds = 5

/**
 * Admits work on pictures by the memory that it will take, not by count: one 100-megapixel WebP was measured to peak at
 * 834 MB, so a number of jobs bounds nothing. First come, first served, so that a large picture is not starved by small
 * ones; what could never fit is refused at once.
 */
export function createWorkQueue({ memoryBytes, slots, queue }: WorkQueueLimits) {
  const waiting: { bytes: number; start: () => void }[] = []
  let usedBytes = 0
  let running = 0

  const fits = (bytes: number) => running < slots && usedBytes + bytes <= memoryBytes

  function take(bytes: number) {
    usedBytes += bytes
    running++
  }

  function startWaiting() {
    while (waiting.length > 0 && fits(waiting[0]!.bytes)) {
      const next = waiting.shift()!
      take(next.bytes)
      next.start()
    }
  }

  async function admit(bytes: number): Promise<void> {
    if (bytes > memoryBytes) {
      throw new AppError('image_too_complex', {
        message: `Working on this picture would take about ${bytes} bytes of memory; the limit here is ${memoryBytes}.`,
        details: { limit: 'WORK_MEMORY_BYTES', max: memoryBytes, found: bytes },
      })
    }
    if (waiting.length === 0 && fits(bytes)) return take(bytes)
    if (waiting.length >= queue) throw new AppError('overloaded', { retryAfterSeconds })
    const { promise, resolve } = Promise.withResolvers<void>()
    waiting.push({ bytes, start: resolve })
    return promise
  }

  /** Runs `work` once its estimated bytes fit. Throws `overloaded` if too much waits, `image_too_complex` if it never fits. */
  async function run<T>(bytes: number, work: (place: Place) => Promise<T>): Promise<T> {
    await admit(bytes)
    let held = bytes
    let isWorking = true
    const keepOnly = (rest: number) => {
      if (isWorking) running--
      isWorking = false
      usedBytes += rest - held
      held = rest
      startWaiting()
    }
    try {
      return await work({ keepOnly })
    } finally {
      keepOnly(0)
    }
  }

  return { run, load: () => ({ running, waiting: waiting.length, usedBytes }) }
}

/** A place among the running work. */
export interface Place {
  /** The hard part is done: gives back the slot, and all memory but this, for waiting on storage or network. */
  keepOnly(bytes: number): void
}

import { AppError } from '@imagehost/contract/errors'

interface WorkQueueLimits {
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
 *
 * Work of other lanes takes of the same memory, but never what the first lane waits for. Each lane has slots of its own: where
 * all are busy, the system shares the cores among them, and none can keep another waiting. Idle work runs in slots that
 * nobody needs.
 */
export function createWorkQueue({ memoryBytes, slots, queue }: WorkQueueLimits) {
  const lanes: Lane[] = []
  let usedBytes = 0

  const running = () => lanes.reduce((sum, lane) => sum + lane.running, 0)
  const fits = (bytes: number) => usedBytes + bytes <= memoryBytes

  function hasSlot(lane: Lane): boolean {
    if (lane.kind !== 'idle') return lane.running < (lane.slots ?? slots)
    return running() < slots && lanes.every((other) => other === lane || other.waiting.length === 0)
  }

  /** In the order of the lanes: memory that one waits for is not given to the next. */
  function startWaiting(): void {
    for (const lane of lanes) {
      while (lane.waiting.length > 0 && hasSlot(lane)) {
        if (!fits(lane.waiting[0]!.bytes)) return
        const next = lane.waiting.shift()!
        usedBytes += next.bytes
        lane.running++
        next.start()
      }
    }
  }

  async function admit(lane: Lane, bytes: number): Promise<void> {
    if (bytes > memoryBytes) {
      throw new AppError('image_too_complex', {
        message: `Working on this picture would take about ${bytes} bytes of memory; the limit here is ${memoryBytes}.`,
        details: { limit: 'WORK_MEMORY_BYTES', max: memoryBytes, found: bytes },
      })
    }
    if (lane.waiting.length >= lane.queue) throw overloaded()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const piece = { bytes, start: resolve }
    lane.waiting.push(piece)
    startWaiting()
    if (lane.maxWaitMs === undefined || !lane.waiting.includes(piece)) return promise
    const giveUp = () => {
      const at = lane.waiting.indexOf(piece)
      if (at < 0) return
      lane.waiting.splice(at, 1)
      reject(overloaded())
      startWaiting()
    }
    const timer = setTimeout(giveUp, lane.maxWaitMs)
    return promise.finally(() => clearTimeout(timer))
  }

  function createLane(rules: LaneRules) {
    const lane: Lane = { ...rules, running: 0, waiting: [] }
    lanes.push(lane)

    /** Runs `work` once its estimated bytes fit. Throws `overloaded` if too much waits, `image_too_complex` if it never fits. */
    async function run<T>(bytes: number, work: (place: Place) => Promise<T>): Promise<T> {
      await admit(lane, bytes)
      let held = bytes
      let isWorking = true
      const hold = (rest: number) => {
        usedBytes += rest - held
        held = rest
      }
      const keepOnly = (rest: number) => {
        if (isWorking) lane.running--
        isWorking = false
        hold(rest)
        startWaiting()
      }
      const extend = (more: number) => {
        const isFree = fits(more - held) && lanes.every(({ waiting }) => waiting.length === 0)
        if (isFree) hold(more)
        return isFree
      }
      try {
        return await work({ keepOnly, extend })
      } finally {
        keepOnly(0)
      }
    }

    return { run }
  }

  const { run } = createLane({ kind: 'usual', queue })

  return {
    run,
    /** Another line for the same memory, which comes after those that were made before. */
    lane: createLane,
    load: () => ({
      running: running(),
      waiting: lanes.reduce((sum, lane) => sum + lane.waiting.length, 0),
      usedBytes,
    }),
  }
}

const overloaded = () => new AppError('overloaded', { retryAfterSeconds })

interface LaneRules {
  /** `idle`: runs in slots that nobody else needs. */
  kind: 'usual' | 'idle'
  /** Pieces that may run at the same time, unless as many as in the first lane. */
  slots?: number
  /** Pieces that may wait; more are refused. */
  queue: number
  /** Longest that a piece may wait before it is refused. */
  maxWaitMs?: number
}

interface Lane extends LaneRules {
  running: number
  waiting: { bytes: number; start: () => void }[]
}

export type WorkLane = ReturnType<WorkQueue['lane']>

/** A place among the running work. */
export interface Place {
  /** The hard part is done: gives back the slot, and all memory but this, for waiting on storage or network. */
  keepOnly(bytes: number): void
  /** The work turns out to take this much in all. False, and nothing changed, if that is not free or others wait for it. */
  extend(bytes: number): boolean
}

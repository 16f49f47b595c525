import { expect, test } from 'vitest'
import { createWorkQueue } from './work-queue.ts'

const gate = () => Promise.withResolvers<void>()

test('work beyond the memory waits until enough is free', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 8, queue: 8 })
  const first = gate()
  const order: string[] = []
  const a = queue.run(80, () => first.promise)
  const b = queue.run(30, async () => void order.push('b'))
  expect(queue.load()).toEqual({ running: 1, waiting: 1, usedBytes: 80 })
  first.resolve()
  await Promise.all([a, b])
  expect(order).toEqual(['b'])
  expect(queue.load()).toEqual({ running: 0, waiting: 0, usedBytes: 0 })
})

test('small work does not overtake large work that waits', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 8, queue: 8 })
  const first = gate()
  const order: string[] = []
  const all = [
    queue.run(60, () => first.promise),
    queue.run(100, async () => void order.push('large')),
    queue.run(10, async () => void order.push('small')),
  ]
  first.resolve()
  await Promise.all(all)
  expect(order).toEqual(['large', 'small'])
})

test('no more pieces run than there are slots', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 2, queue: 50 })
  let now = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 20 }, () =>
      queue.run(1, async () => {
        most = Math.max(most, ++now)
        await new Promise(setImmediate)
        now--
      }),
    ),
  )
  expect(most).toBe(2)
})

test('a full queue refuses with a time to come back', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 1, queue: 1 })
  const first = gate()
  const running = [queue.run(1, () => first.promise), queue.run(1, async () => {})]
  await expect(queue.run(1, async () => {})).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 5 })
  first.resolve()
  await Promise.all(running)
})

test('what can never fit is refused at once, with the numbers', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 1, queue: 1 })
  await expect(queue.run(101, async () => {})).rejects.toMatchObject({
    code: 'image_too_complex',
    details: { max: 100, found: 101 },
  })
})

test('work that fails gives its place back', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 1, queue: 1 })
  await expect(queue.run(100, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  await expect(queue.run(100, async () => 'yes')).resolves.toBe('yes')
})

test('work that only waits for the storage leaves its slot and most of its memory to others', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 1, queue: 8 })
  const storage = gate()
  const first = queue.run(90, async (place) => {
    place.keepOnly(10)
    await storage.promise
  })
  await expect(queue.run(90, async () => 'next')).resolves.toBe('next')
  expect(queue.load()).toEqual({ running: 0, waiting: 0, usedBytes: 10 })
  storage.resolve()
  await first
  expect(queue.load()).toEqual({ running: 0, waiting: 0, usedBytes: 0 })
})

const settled = () => new Promise(setImmediate)

test('lanes have slots of their own, so that neither keeps the other waiting', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 1, queue: 8 })
  const lane = queue.lane({ kind: 'usual', queue: 8 })
  const [first, second] = [gate(), gate()]
  const order: string[] = []
  const all = [
    lane.run(1, () => first.promise),
    lane.run(1, async () => void order.push('second of the lane')),
    queue.run(1, async () => void order.push('first of the others')),
    queue.run(1, () => second.promise),
  ]
  await settled()
  expect(order).toEqual(['first of the others'])
  expect(queue.load()).toEqual({ running: 2, waiting: 1, usedBytes: 2 })
  first.resolve()
  second.resolve()
  await Promise.all(all)
  expect(order).toEqual(['first of the others', 'second of the lane'])
})

test('memory that the first lane waits for is not given to another', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 4, queue: 8 })
  const lane = queue.lane({ kind: 'usual', queue: 8 })
  const first = gate()
  const order: string[] = []
  const all = [
    lane.run(60, () => first.promise),
    queue.run(90, async () => void order.push('large')),
    lane.run(10, async () => void order.push('small')),
  ]
  await settled()
  expect(order).toEqual([])
  first.resolve()
  await Promise.all(all)
  expect(order).toEqual(['large', 'small'])
})

test('idle work runs only where nobody else runs or waits', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 1, queue: 8 })
  const idle = queue.lane({ kind: 'idle', queue: 8 })
  const first = gate()
  const order: string[] = []
  const all = [
    queue.run(1, () => first.promise),
    idle.run(1, async () => void order.push('idle')),
    queue.run(1, async () => void order.push('usual')),
  ]
  await settled()
  expect(order).toEqual([])
  first.resolve()
  await Promise.all(all)
  expect(order).toEqual(['usual', 'idle'])
})

test('who waits too long is refused, and those behind move up', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 1, queue: 8 })
  const lane = queue.lane({ kind: 'usual', queue: 8, maxWaitMs: 1 })
  const first = gate()
  const running = lane.run(60, () => first.promise)
  await expect(lane.run(60, async () => {})).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 5 })
  expect(queue.load()).toEqual({ running: 1, waiting: 0, usedBytes: 60 })
  first.resolve()
  await running
  await expect(lane.run(60, async () => 'yes')).resolves.toBe('yes')
})

test('work may turn out larger, as far as nobody waits for that memory', async () => {
  const queue = createWorkQueue({ memoryBytes: 100, slots: 2, queue: 8 })
  await queue.run(10, async (place) => {
    expect(place.extend(101)).toBe(false)
    expect(place.extend(90)).toBe(true)
    expect(queue.load().usedBytes).toBe(90)
    const waiting = queue.run(20, async () => {})
    expect(place.extend(95)).toBe(false)
    place.keepOnly(0)
    await waiting
  })
  expect(queue.load()).toEqual({ running: 0, waiting: 0, usedBytes: 0 })
})

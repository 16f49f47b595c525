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

import { expect, test } from 'vitest'
import { createPurges } from './purges.ts'

const log = { info() {}, warn() {}, error() {} }

function createCdn(outcomes: boolean[]) {
  const calls: (readonly string[])[] = []
  const counted: [string, number][] = []
  const { promise: isDone, resolve } = Promise.withResolvers<void>()
  const purger = {
    async purge(ids: readonly string[]) {
      calls.push(ids)
      if (outcomes.shift() === false) throw new Error('away')
    },
  }
  const onPurge = (outcome: string, images: number) => {
    counted.push([outcome, images])
    resolve()
  }
  return { purger, calls, counted, onPurge, isDone, log }
}

test('what goes together is asked for together, each image once', async () => {
  const cdn = createCdn([])
  const purges = createPurges(cdn)
  for (const id of ['a', 'b', 'a']) purges.purge(id)
  await cdn.isDone
  expect(cdn.calls).toEqual([['a', 'b']])
  expect(cdn.counted).toEqual([['done', 2]])
})

test('what fails is tried again', async () => {
  const cdn = createCdn([false, false, true])
  createPurges({ ...cdn, pauses: [1, 1] }).purge('a')
  await cdn.isDone
  expect(cdn.calls).toEqual([['a'], ['a'], ['a']])
  expect(cdn.counted).toEqual([['done', 1]])
})

test('in the end it is given up, and counted', async () => {
  const cdn = createCdn([false, false, false])
  createPurges({ ...cdn, pauses: [1] }).purge('a')
  await cdn.isDone
  expect(cdn.calls).toHaveLength(2)
  expect(cdn.counted).toEqual([['failed', 1]])
})

test('a stop does not wait for another attempt', async () => {
  const cdn = createCdn([false])
  const purges = createPurges({ ...cdn, pauses: [3_600_000] })
  purges.purge('a')
  await new Promise(setImmediate)
  await new Promise(setImmediate)
  await purges.close()
  expect(cdn.counted).toEqual([['failed', 1]])
  purges.purge('b')
  expect(cdn.calls).toEqual([['a']])
})

test('without a CDN nothing is done', async () => {
  const { onPurge, counted } = createCdn([])
  const purges = createPurges({ purger: undefined, onPurge, log })
  purges.purge('a')
  await purges.close()
  expect(counted).toEqual([])
})

import { expect, test } from 'vitest'
import { createRecent } from './recent.ts'

function setUp() {
  let now = 1_000_000
  let reads = 0
  const values = new Map<string, { n: number }>([['a', { n: 1 }]])
  const recent = createRecent<{ n: number }>({ clock: { now: () => now }, maxEntries: 2 })
  const get = (key: string) =>
    recent.get(key, async () => {
      reads++
      return values.get(key)
    })
  const pass = (ms: number) => {
    now += ms
  }
  return { recent, get, values, pass, reads: () => reads }
}

test('a value is read once and believed for 750 ms at most', async () => {
  const { recent, get, reads, pass } = setUp()
  expect(await get('a')).toEqual({ n: 1 })
  pass(750)
  expect(recent.peek('a')).toEqual({ n: 1 })
  pass(1)
  expect(recent.peek('a')).toBeUndefined()
  await get('a')
  expect(reads()).toBe(2)
})

test('callers at the same time share one read', async () => {
  const { get, reads } = setUp()
  await Promise.all(Array.from({ length: 16 }, () => get('a')))
  expect(reads()).toBe(1)
})

test('absence is never remembered', async () => {
  const { get, values } = setUp()
  expect(await get('b')).toBeUndefined()
  values.set('b', { n: 2 })
  expect(await get('b')).toEqual({ n: 2 })
})

test('what is forgotten while it is being read is not remembered afterwards', async () => {
  const { recent, get } = setUp()
  const reading = get('a')
  recent.forget('a')
  await reading
  expect(recent.peek('a')).toBeUndefined()
})

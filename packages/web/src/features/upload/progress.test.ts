import { expect, test } from 'vitest'
import { progressOf, speedOf } from './progress.ts'

const item = { source: 'https://a.test/b.png', name: 'b', album: undefined, abort: new AbortController() }

test('what was refused counts as sent, so that the rest comes to its end', () => {
  const items = [
    { ...item, id: 1, size: 100, sent: 0, state: 'failed' as const },
    { ...item, id: 2, size: 100, sent: 50, state: 'sending' as const },
    { ...item, id: 3, size: 100, sent: 100, state: 'done' as const },
  ]
  expect(progressOf(items)).toEqual({ total: 3, done: 1, refused: 1, isOver: false, bytes: 300, sent: 250 })
})

test('a speed is told when it can be, and is that of the last seconds', () => {
  expect(speedOf([])).toBeUndefined()
  expect(speedOf([{ at: 0, sent: 5 }])).toBeUndefined()
  expect(
    speedOf([
      { at: 0, sent: 7 },
      { at: 900, sent: 7 },
    ]),
  ).toBeUndefined()
  expect(
    speedOf([
      { at: 1_000, sent: 1_000 },
      { at: 3_000, sent: 5_000 },
    ]),
  ).toBe(2_000)
})

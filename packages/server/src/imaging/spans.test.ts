import fc from 'fast-check'
import { expect, test } from 'vitest'
import { blankBetween, overlap } from './spans.ts'

const span = fc.tuple(fc.nat(60), fc.nat(12)).map(([from, length]) => ({ from, to: from + length }))
const bytesOf = ({ from, to }: { from: number; to: number }): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)

test('zeroes what is in a store and not kept, and nothing else', () => {
  const bytes = Buffer.from('abcdefghijklmnopqrst')
  const stores = [
    { from: 12, to: 18 },
    { from: 2, to: 9 },
  ]
  const kept = [
    { from: 12, to: 14 },
    { from: 5, to: 7 },
    { from: 4, to: 6 },
    { from: 3, to: 3 },
  ]
  expect(blankBetween(bytes, stores, kept)).toBe(true)
  expect(bytes.toString().replaceAll('\0', '.')).toBe('ab..efg..jklmn....st')
})

test('refuses kept bytes outside the stores, changing nothing', () => {
  const bytes = Buffer.alloc(20, 1)
  expect(blankBetween(bytes, [{ from: 2, to: 9 }], [{ from: 8, to: 10 }])).toBe(false)
  expect(bytes.includes(0)).toBe(false)
})

test('sees an overlap exactly where two lists share a byte', () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 6 }), fc.array(span, { maxLength: 6 }), (some, others) => {
      const held = new Set(some.flatMap(bytesOf))
      expect(overlap(some, others)).toBe(others.flatMap(bytesOf).some((at) => held.has(at)))
    }),
  )
})

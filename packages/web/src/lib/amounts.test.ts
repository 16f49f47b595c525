import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCount, parseSize } from './amounts.ts'
import { formatBytes, formatNumber } from './format.ts'

test('a size that the page has printed is read as nearly the same', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 9e14 }), (bytes) => {
      const read = parseSize(formatBytes(bytes))
      // Two digits of it are shown.
      expect(Math.abs(read! - bytes)).toBeLessThanOrEqual(bytes * 0.05)
    }),
  )
})

test('a count that the page has printed is read as the same', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (count) => {
      expect(parseCount(formatNumber(count))).toBe(count)
    }),
  )
})

test.each([
  ['10 GB', 10_000_000_000],
  ['1.5tb', 1_500_000_000_000],
  [' 500,000 ', 500_000],
  ['0', 0],
  ['ten', undefined],
  ['1.2.3 GB', undefined],
  ['-5 MB', undefined],
  ['', undefined],
])('%j is %j bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each([['1.5'], ['-1'], ['many'], ['']])('%j is no count', (text) => {
  expect(parseCount(text)).toBeUndefined()
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesEtag, parseRange } from './range.ts'

test.each([
  ['bytes=0-0', { start: 0, end: 0 }],
  ['bytes=0-', { start: 0, end: 99 }],
  ['bytes=90-200', { start: 90, end: 99 }],
  ['bytes=-10', { start: 90, end: 99 }],
  ['bytes=-1000', { start: 0, end: 99 }],
  ['Bytes=5-6', { start: 5, end: 6 }],
  ['bytes=100-', 'unsatisfiable'],
  ['bytes=-0', 'unsatisfiable'],
  ['bytes=6-5', undefined],
  ['bytes=0-1,5-6', undefined],
  ['bytes=-', undefined],
  ['items=0-1', undefined],
  ['bytes=٣-٥', undefined],
  ['bytes=1.5-2', undefined],
  [undefined, undefined],
] as const)('%s of 100 bytes is %j', (header, expected) => expect(parseRange(header, 100)).toEqual(expected))

test('a range lies within the bytes, whatever is asked', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), fc.integer({ min: 1 }), (from, to, size) => {
      const range = parseRange(`bytes=${from}-${to}`, size)
      if (range === undefined || range === 'unsatisfiable') return
      expect(range.start).toBeLessThanOrEqual(range.end)
      expect(range.end).toBeLessThan(size)
    }),
  )
})

test.each([
  ['"a"', true],
  ['"b", W/"a"', true],
  ['*', true],
  ['"b"', false],
  ['a', false],
  [undefined, false],
])('If-None-Match %s matches "a": %s', (header, expected) => expect(matchesEtag(header, '"a"')).toBe(expected))

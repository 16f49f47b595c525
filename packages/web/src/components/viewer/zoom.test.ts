import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fitting, moved, swipeOf, zoomed } from './zoom.ts'

const point = fc.record({ x: fc.integer({ min: -500, max: 500 }), y: fc.integer({ min: -500, max: 500 }) })
const factor = fc.double({ min: 0.2, max: 5, noNaN: true })

test('what lies under the pointer stays under it while the picture grows', () => {
  fc.assert(
    fc.property(point, factor, (at, by) => {
      const place = { scale: 2, x: 30, y: -20 }
      const next = zoomed(place, by, at)
      fc.pre(next.scale > 1)
      expect((at.x - next.x) / next.scale).toBeCloseTo((at.x - place.x) / place.scale)
      expect((at.y - next.y) / next.scale).toBeCloseTo((at.y - place.y) / place.scale)
    }),
  )
})

test('a picture is never smaller than what fits, and fits in the middle', () => {
  expect(zoomed({ scale: 1.2, x: 40, y: 9 }, 0.1)).toEqual(fitting)
})

test('nobody can push a picture out of its window', () => {
  fc.assert(
    fc.property(point, fc.double({ min: 1, max: 8, noNaN: true }), ({ x, y }, scale) => {
      const place = moved({ scale, x: 0, y: 0 }, 10 * x, 10 * y, { width: 300, height: 200 })
      expect(Math.abs(place.x)).toBeLessThanOrEqual(150 * (scale - 1))
      expect(Math.abs(place.y)).toBeLessThanOrEqual(100 * (scale - 1))
    }),
  )
})

test.each([
  [-80, 20, 'next'],
  [80, -20, 'previous'],
  [10, 90, 'close'],
  [10, -90, 'info'],
  [30, 30, undefined],
] as const)('a finger that moved by %i, %i wants %s', (dx, dy, wish) => expect(swipeOf(dx, dy)).toBe(wish))

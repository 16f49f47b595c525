import fc from 'fast-check'
import { expect, test } from 'vitest'
import { justify, rowsWithin } from './layout.ts'

const measures = { width: 1200, target: 220, gap: 4 }
const ratios = fc.array(fc.double({ min: 0.05, max: 20, noNaN: true }), { maxLength: 300 })

test('every picture stands in the grid once, in its order', () => {
  fc.assert(
    fc.property(ratios, fc.integer({ min: 120, max: 4000 }), (all, width) => {
      const { rows } = justify(all, { ...measures, width })
      expect(rows.flatMap(({ items }) => items.map(({ index }) => index))).toEqual(all.map((_, index) => index))
    }),
  )
})

test('rows fill the width, but for the last, and never overlap', () => {
  fc.assert(
    fc.property(ratios, (all) => {
      const { rows, height } = justify(all, measures)
      let bottom = -measures.gap
      for (const [n, row] of rows.entries()) {
        expect(row.top).toBeCloseTo(bottom + measures.gap)
        bottom = row.top + row.height
        const last = row.items.at(-1)!
        if (n < rows.length - 1) expect(last.left + last.width).toBeCloseTo(measures.width)
        else expect(last.left + last.width).toBeLessThanOrEqual(measures.width + 0.01)
      }
      if (rows.length > 0) expect(height).toBeCloseTo(bottom)
    }),
  )
})

test('rows of photographs come near the height that is wished', () => {
  const photographs = Array.from({ length: 500 }, (_, n) => [1.5, 0.667, 1.333, 1.778, 0.75][(n * 7) % 5]!)
  const { rows } = justify(photographs, measures)
  for (const { height } of rows.slice(0, -1)) {
    expect(height).toBeGreaterThan(150)
    expect(height).toBeLessThan(320)
  }
})

test('what is known piece by piece comes to stand as if it had been known at once', () => {
  fc.assert(
    fc.property(ratios, fc.nat(300), (all, cut) => {
      const { rows } = justify(all.slice(0, cut), measures)
      const whole = justify(all, measures)
      const pieced = justify(all, measures, rows)
      expect(pieced.height).toBeCloseTo(whole.height)
      expect(pieced.rows.map(({ items }) => items.length)).toEqual(whole.rows.map(({ items }) => items.length))
    }),
  )
})

test('the rows in the window are those that reach into it', () => {
  fc.assert(
    fc.property(ratios, fc.nat(5_000), fc.nat(2_000), (all, from, size) => {
      const { rows } = justify(all, measures)
      const to = from + size + 1
      const seen = rows.filter(({ top, height }) => top < to && top + height > from)
      expect(rowsWithin(rows, from, to)).toEqual(seen)
    }),
  )
})

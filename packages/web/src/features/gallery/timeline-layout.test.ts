import { expect, test } from 'vitest'
import { measuresFor } from '../../components/grid/layout.ts'
import { type MonthHeight, placeHeld, sharePlace, stack } from './timeline-layout.ts'

const months = ['2026-03', '2026-02', '2026-01'].map((month) => ({ month, count: 100 }))
const heading = 52
const windowHeight = 900

const blocksWith = (known: Record<string, MonthHeight>) =>
  stack(months, new Map(Object.entries(known)), { ...measuresFor(1_200), heading, sample: { count: 0, sum: 0 } })

/** How far what stands at `y` moves on the screen when `after` takes the place of `before`. */
function moved(
  before: ReturnType<typeof stack>,
  after: ReturnType<typeof stack>,
  scroll: number,
  month: string,
): number {
  const topIn = (blocks: typeof before) => blocks.find((block) => block.month === month)!.top
  const scrolled = placeHeld(before, after, scroll, windowHeight)
  return topIn(after) - scrolled - (topIn(before) - scroll)
}

test('what is on the screen below a month of which nothing is known stays when that month comes', () => {
  const january = { height: 3_000, known: 3_000 }
  const before = blocksWith({ '2026-01': january })
  const { top } = before[2]!
  for (const height of [200, 9_000]) {
    const after = blocksWith({ '2026-01': january, '2026-02': { height, known: height } })
    expect(moved(before, after, top - 300, '2026-01')).toBe(0)
  }
})

test('what is known at the top of the window stays when a month above it comes', () => {
  const february = { height: 3_000, known: 3_000 }
  const before = blocksWith({ '2026-02': february })
  const after = blocksWith({ '2026-02': february, '2026-03': { height: 9_000, known: 9_000 } })
  expect(moved(before, after, before[1]!.top + 400, '2026-02')).toBe(0)
})

test('where nothing is known in the window, the month at its top stays', () => {
  const before = blocksWith({})
  const { top, height } = before[1]!
  for (const grown of [height + 2_000, height - 500]) {
    const after = blocksWith({ '2026-02': { height: grown, known: grown } })
    expect(moved(before, after, top + height / 2, '2026-02')).toBe(0)
  }
})

test('what is beyond the end of a month that came out lower becomes its end', () => {
  const before = blocksWith({})
  const after = blocksWith({ '2026-02': { height: 100, known: 100 } })
  const { top, height } = before[1]!
  expect(placeHeld(before, after, top + height - 10, 5)).toBe(after[2]!.top)
})

test('at another width the same share of the month stays at the top of the window', () => {
  const [before, after] = [
    blocksWith({}),
    blocksWith({ '2026-03': { height: 900, known: 900 }, '2026-02': { height: 9_000, known: 0 } }),
  ]
  const [block, grown] = [before[1]!, after[1]!]
  expect(sharePlace(before, after, block.top + block.height / 2)).toBeCloseTo(grown.top + grown.height / 2)
})

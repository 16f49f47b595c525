import { expect, test } from 'vitest'
import { measuresFor } from '../../components/grid/layout.ts'
import { anchorAt, type MonthHeight, stack, topOf } from './timeline-layout.ts'

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
  const scrolled = topOf(after, anchorAt(before, scroll, windowHeight)!)!
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

test('where nothing is known in the window, the same share of the month stays at its top', () => {
  const before = blocksWith({})
  const after = blocksWith({ '2026-02': { height: 9_000, known: 9_000 } })
  const [block, grown] = [before[1]!, after[1]!]
  const anchor = anchorAt(before, block.top + block.height / 2, 100)!
  expect(topOf(after, anchor)).toBeCloseTo(grown.top + grown.height / 2)
})

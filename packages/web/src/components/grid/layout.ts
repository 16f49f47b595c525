/** Where one picture stands in its row, in pixels. */
interface Placed {
  index: number
  left: number
  width: number
}

export interface Row {
  top: number
  height: number
  items: Placed[]
}

export interface Layout {
  rows: Row[]
  height: number
}

export interface Measures {
  width: number
  /** Rows come out near this height. */
  target: number
  gap: number
}

/** As the grid is drawn on screens of this width. */
export const measuresFor = (width: number): Measures => ({
  width,
  target: width < 640 ? 120 : 220,
  gap: width < 640 ? 2 : 4,
})

/** Wider or narrower ones are cut in the grid, so that one panorama does not make a row of a hair's height. */
const narrowest = 0.4
const widest = 3.5

/**
 * Pictures of any ratio (width by height) in rows that fill the width, in their order: as many as bring a row nearest to its
 * height. The last row keeps its height and ends where it ends. Rows that stand already, of the first of these ratios, stay.
 */
export function justify(
  ratios: readonly number[],
  { width, target, gap }: Measures,
  before: readonly Row[] = [],
): Layout {
  // The last one was not full, or might have taken one more.
  const rows = before.slice(0, -1)
  const above = rows.at(-1)
  let top = above ? above.top + above.height + gap : 0
  let start = above ? above.items.at(-1)!.index + 1 : 0
  while (start < ratios.length) {
    const { end, sum } = fill(ratios, start, { width, target, gap })
    const isLast = end === ratios.length
    const free = width - gap * (end - start - 1)
    const height = isLast ? Math.min(target, free / sum) : free / sum
    rows.push({ top, height, items: place(ratios, { start, end, height, gap, width, isLast }) })
    top += height + gap
    start = end
  }
  return { rows, height: Math.max(0, top - gap) }
}

function fill(
  ratios: readonly number[],
  start: number,
  { width, target, gap }: Measures,
): { end: number; sum: number } {
  let sum = 0
  for (let end = start; end < ratios.length; end++) {
    const next = sum + bounded(ratios[end]!)
    const height = (width - gap * (end - start)) / next
    if (height < target && end > start) {
      const before = (width - gap * (end - start - 1)) / sum
      // The one that overflows goes along if that comes nearer.
      if (before - target < target - height) return { end, sum }
      return { end: end + 1, sum: next }
    }
    sum = next
    if (height <= target) return { end: end + 1, sum }
  }
  return { end: ratios.length, sum }
}

interface Span {
  start: number
  end: number
  height: number
  gap: number
  width: number
  isLast: boolean
}

function place(ratios: readonly number[], { start, end, height, gap, width, isLast }: Span): Placed[] {
  const items: Placed[] = []
  let left = 0
  for (let index = start; index < end; index++) {
    const own = bounded(ratios[index]!) * height
    // What rounding leaves over belongs to the last one.
    const fitting = index === end - 1 && !isLast ? width - left : own
    items.push({ index, left, width: fitting })
    left += own + gap
  }
  return items
}

const bounded = (ratio: number): number => Math.min(widest, Math.max(narrowest, ratio))

/** The rows that reach into this part. */
export function rowsWithin(rows: readonly Row[], from: number, to: number): readonly Row[] {
  const start = firstAfter(rows, ({ top, height }) => top + height > from)
  return rows.slice(
    start,
    Math.max(
      start,
      firstAfter(rows, ({ top }) => top >= to),
    ),
  )
}

/** The first index for which it holds, where it holds for all after it too. */
export function firstAfter<T>(list: readonly T[], holds: (item: T) => boolean): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (holds(list[middle]!)) high = middle
    else low = middle + 1
  }
  return low
}

/** Of these pictures together, as the grid shows them. */
export const sumOfRatios = (ratios: readonly number[]): number => ratios.reduce((sum, ratio) => sum + bounded(ratio), 0)

/** Of pictures that are not known yet, whose ratios have this mean. */
export const estimatedHeight = (count: number, ratio: number, { width, target, gap }: Measures): number =>
  Math.ceil((count * (ratio * target + gap)) / width) * (target + gap)

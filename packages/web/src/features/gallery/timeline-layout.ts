import { estimatedHeight, type Measures } from '../../components/grid/layout.ts'
import type { MonthCount } from './month-data.ts'

/** Of one month, as far as it is known: `known` is laid out, the rest of `height` is guessed. */
export interface MonthHeight {
  height: number
  known: number
}

/** Pictures that have been seen, by which the others are guessed. */
export interface Sample {
  count: number
  /** Of their ratios, as the grid shows them. */
  sum: number
}

/** Photographs are about three by two; a few are held for so many of those, since a panorama says little of all others. */
const usual = { count: 10, sum: 14.5 }

export const typicalRatio = ({ count, sum }: Sample): number => (usual.sum + sum) / (usual.count + count)

interface Place extends Measures {
  heading: number
  sample: Sample
}

export interface Block extends MonthCount {
  /** From the top of the timeline, with its heading. */
  top: number
  height: number
  /** From its top to its pictures. */
  heading: number
  /** The part that will not move any more, from its top. */
  known: number
}

/** Months one below the other: those that were laid out by what they measured, the others by a guess. */
export function stack(
  months: readonly MonthCount[],
  heights: ReadonlyMap<string, MonthHeight>,
  { heading, sample, ...measures }: Place,
): Block[] {
  const ratio = typicalRatio(sample)
  let top = 0
  return months.map((one) => {
    const grid = heights.get(one.month) ?? { height: estimatedHeight(one.count, ratio, measures), known: 0 }
    const block = { ...one, top, heading, height: heading + grid.height + measures.gap, known: heading + grid.known }
    top += block.height
    return block
  })
}

export const heightOf = (blocks: readonly Block[]): number => {
  const last = blocks.at(-1)
  return last ? last.top + last.height : 0
}

/**
 * Where what stands in a window, `y` below the top, stands when some months have turned out higher or lower than was guessed.
 * Where nothing is known yet at its upper edge, the heading below it is held.
 */
export function placeHeld(before: readonly Block[], after: readonly Block[], y: number, windowHeight: number): number {
  const at = indexAt(before, y)
  const block = before[at]
  const below = before[at + 1]
  const isBare = block && y - block.top > block.known && below && below.top < y + windowHeight
  const held = isBare ? below : block
  const found = after.find(({ month }) => month === held?.month)
  return held && found ? found.top + Math.min(y - held.top, found.height) : y
}

/** The same share of the same month, where all are as high as another width makes them. */
export function sharePlace(before: readonly Block[], after: readonly Block[], y: number): number {
  const block = before[indexAt(before, y)]
  const found = after.find(({ month }) => month === block?.month)
  return block && found ? found.top + ((y - block.top) / block.height) * found.height : y
}

/** Of the month that stands `y` below the top; the first one where that is above all. A pixel more, for what was rounded. */
export const indexAt = (blocks: readonly Block[], y: number): number =>
  Math.max(
    0,
    blocks.findLastIndex(({ top }) => top <= y + 1),
  )

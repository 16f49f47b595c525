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

/** A place in the timeline that can be found again when months turn out to be higher or lower than was guessed. */
export interface Anchor {
  month: string
  /** From the top of its month, which may lie further down. */
  offset: number
  /** Of the height of its month: where nothing is known yet, that is the best guess. */
  share: number
  isKnown: boolean
}

/** Of a window of this height, `y` below the top of the timeline. Where nothing is known there yet, the heading below it is held. */
export function anchorAt(blocks: readonly Block[], y: number, windowHeight: number): Anchor | undefined {
  const at = blocks.findLastIndex(({ top }) => top <= y)
  const block = blocks[at]
  if (!block) return undefined
  const offset = y - block.top
  const isKnown = offset <= block.known
  const below = blocks[at + 1]
  if (!isKnown && below && below.top < y + windowHeight)
    return { month: below.month, offset: y - below.top, share: 0, isKnown: true }
  return { month: block.month, offset, share: offset / block.height, isKnown }
}

export function topOf(blocks: readonly Block[], { month, offset, share, isKnown }: Anchor): number | undefined {
  const block = blocks.find((one) => one.month === month)
  return block && block.top + (isKnown ? Math.min(offset, block.height) : share * block.height)
}

import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { measuresFor } from '../../components/grid/layout.ts'
import { expectMove, onScroll } from '../../components/grid/viewport.ts'
import type { MonthCount } from './month-data.ts'
import { type Anchor, anchorAt, type Block, type MonthHeight, type Sample, stack, topOf } from './timeline-layout.ts'

/** What has been seen of the pictures at one width of the page. */
interface Known {
  width: number
  heights: ReadonlyMap<string, MonthHeight>
  sample: Sample
  /**
   * How far all months stand below their place, in pixels. What is in the window stays where it is when something above it turns
   * out higher or lower, and the page itself is moved once nobody scrolls: both at once would be seen, and end a swing of the hand.
   */
  shift: number
}

const nothing = (width: number): Known => ({ width, heights: new Map(), sample: { count: 0, sum: 0 }, shift: 0 })

/** Pictures that tell what the others will be like: the first that came. Guessing anew would move all months each time. */
const enough = 100

/** Where each month stands, `top` pixels below the top of the page, as they become known. */
export function useSteadyBlocks(months: readonly MonthCount[], width: number, top: number) {
  const [kept, keep] = useState(() => nothing(width))
  const known = kept.width === width ? kept : nothing(width)
  const { heights, sample, shift } = known
  const [heading] = useState(() => 3.25 * rootPixels())
  const place = useCallback(
    ({ heights, sample }: Pick<Known, 'heights' | 'sample'>) =>
      stack(months, heights, { ...measuresFor(width), heading, sample }),
    [months, width, heading],
  )
  const blocks = useMemo(() => place({ heights, sample }), [place, heights, sample])
  const look = useSteadyPlace(blocks, top + shift)
  const end = useCallback(() => keep((kept) => ({ ...kept, shift: 0 })), [])
  const settle = useSettling(shift, top, look, end)
  const setHeight = useCallback(
    (month: string, height: MonthHeight, seen: Sample) => {
      look()
      const y = scrollY - top
      keep((kept) => {
        const before = kept.width === width ? kept : nothing(width)
        const old = before.heights.get(month)
        if (old?.height === height.height && old.known === height.known) return kept
        const after = {
          ...before,
          heights: new Map([...before.heights, [month, height]]),
          sample: before.sample.count < enough ? add(before.sample, seen) : before.sample,
        }
        const anchor = y > 0 && anchorAt(place(before), y - before.shift, innerHeight)
        const held = anchor ? topOf(place(after), anchor) : undefined
        return { ...after, shift: held === undefined ? before.shift : y - held }
      })
    },
    [look, top, width, place],
  )
  return { blocks, shift, setHeight, settle }
}

/** Whoever reads with larger letters has larger headings. */
const rootPixels = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)

const add = (one: Sample, other: Sample): Sample => ({ count: one.count + other.count, sum: one.sum + other.sum })

/**
 * What is in the window stays there when the page changes its width, or what stands above all months its height. Answers how to
 * look where it is, to be called before the document changes: events of scrolling come a frame too late for that.
 */
function useSteadyPlace(blocks: readonly Block[], top: number): () => void {
  const anchor = useRef<Anchor>(undefined)
  const place = useRef({ blocks, top })
  const look = useCallback(() => {
    const { blocks, top } = place.current
    anchor.current = scrollY > top ? anchorAt(blocks, scrollY - top, innerHeight) : undefined
  }, [])
  useLayoutEffect(() => {
    place.current = { blocks, top }
    const wanted = anchor.current && topOf(blocks, anchor.current)
    if (wanted !== undefined && Math.abs(wanted + top - scrollY) > 1)
      scrollTo({ top: wanted + top, behavior: 'instant' })
    // What was a guess may be known by now, and holds better.
    look()
  }, [blocks, top, look])
  useEffect(() => onScroll(look), [look])
  return look
}

/** Nobody scrolls. */
const restMs = 150

/** Ends the shift when nobody scrolls, or comes near the first month. Answers how to end it at once. */
function useSettling(shift: number, top: number, look: () => void, end: () => void): () => void {
  const settle = useCallback(() => {
    if (shift === 0) return
    look()
    if (scrollY > top) expectMove(-shift)
    flushSync(end)
  }, [shift, top, look, end])
  useEffect(() => {
    if (shift === 0) return
    let timer = setTimeout(settle, restMs)
    const stop = onScroll(() => {
      clearTimeout(timer)
      if (scrollY - top < innerHeight) settle()
      else timer = setTimeout(settle, restMs)
    })
    return () => {
      clearTimeout(timer)
      stop()
    }
  }, [shift, top, settle])
  return settle
}

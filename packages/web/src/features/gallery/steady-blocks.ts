import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { measuresFor } from '../../components/grid/layout.ts'
import { expectMove, onScroll } from '../../components/grid/viewport.ts'
import type { MonthCount } from './month-data.ts'
import { type Block, type MonthHeight, placeHeld, type Sample, sharePlace, stack } from './timeline-layout.ts'

/** What has been seen of the pictures at one width of the page. */
interface Known {
  width: number
  heights: ReadonlyMap<string, MonthHeight>
  sample: Sample
  /**
   * How far all months stand below their place, in pixels. What is in the window stays where it is when something above it turns
   * out higher or lower, and the page is moved for that once nobody scrolls: doing both at once would end a swing of the hand.
   */
  shift: number
}

const nothing = (width: number): Known => ({ width, heights: new Map(), sample: { count: 0, sum: 0 }, shift: 0 })

/** Pictures that tell what the others are like: those that came first. Guessing anew would move all months each time. */
const enough = 100

/** Where each month stands below the `top` of the timeline, as they become known, and how to go to such a place. */
export function useSteadyBlocks(months: readonly MonthCount[], width: number, top: number) {
  const [kept, keep] = useState(() => nothing(width))
  const { heights, sample, shift } = kept.width === width ? kept : nothing(width)
  const [heading] = useState(() => 3.25 * rootPixels())
  const place = useCallback(
    (heights: Known['heights'], sample: Sample) => stack(months, heights, { ...measuresFor(width), heading, sample }),
    [months, width, heading],
  )
  const blocks = useMemo(
    () => place(heights, sample).map((block) => ({ ...block, top: block.top + shift })),
    [place, heights, sample, shift],
  )
  const setHeight = useCallback(
    (month: string, height: MonthHeight, seen: Sample) => {
      const y = scrollY - top
      keep((kept) => {
        const { heights, sample, shift } = kept.width === width ? kept : nothing(width)
        const old = heights.get(month)
        if (old?.height === height.height && old.known === height.known) return kept
        const known = {
          heights: new Map([...heights, [month, height]]),
          sample: sample.count < enough ? add(sample, seen) : sample,
        }
        const held = placeHeld(place(heights, sample), place(known.heights, known.sample), y - shift, innerHeight)
        return { width, ...known, shift: y > 0 ? y - held : shift }
      })
    },
    [top, width, place],
  )
  useSamePlace({ blocks, width, top })
  const end = useCallback(() => keep((kept) => ({ ...kept, shift: 0 })), [])
  const settle = useSettling(shift, top, end)
  function goTo(y: number): void {
    settle()
    scrollTo({ top: top + y - shift, behavior: 'instant' })
  }
  return { blocks, setHeight, goTo }
}

/** Whoever reads with larger letters has larger headings. */
const rootPixels = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)

const add = (one: Sample, other: Sample): Sample => ({ count: one.count + other.count, sum: one.sum + other.sum })

/** What is in the window stays there when the page changes its width, or what stands above all months its height. */
function useSamePlace(place: { blocks: readonly Block[]; width: number; top: number }): void {
  const last = useRef(place)
  // As it was: a page that has become lower has been moved by now.
  const scroll = useRef(0)
  useEffect(
    () =>
      onScroll(() => {
        scroll.current = scrollY
      }),
    [],
  )
  useLayoutEffect(() => {
    const { current: before } = last
    last.current = place
    const y = scroll.current - before.top
    if (y <= 0 || (before.width === place.width && before.top === place.top)) return
    scrollTo({ top: place.top + sharePlace(before.blocks, place.blocks, y), behavior: 'instant' })
  })
}

/** Nobody scrolls any more. */
const restMs = 150

/** Ends the shift when nobody scrolls, or somebody sees that there is nothing above the first month. Answers how to end it at once. */
function useSettling(shift: number, top: number, end: () => void): () => void {
  const settle = useCallback(() => {
    if (shift === 0) return
    const wanted = scrollY - shift
    expectMove(-shift)
    flushSync(end)
    scrollTo({ top: wanted, behavior: 'instant' })
  }, [shift, end])
  useEffect(() => {
    if (shift === 0) return
    let timer: ReturnType<typeof setTimeout>
    let frame = 0
    const settleLater = () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        const y = scrollY
        // A turn of the wheel may have waited for this page: then the next frame moves by that.
        frame = requestAnimationFrame(() => (scrollY === y ? settle() : settleLater()))
      }, restMs)
    }
    settleLater()
    const stop = onScroll(() => (scrollY - top < shift ? settle() : settleLater()))
    return () => {
      clearTimeout(timer)
      cancelAnimationFrame(frame)
      stop()
    }
  }, [shift, top, settle])
  return settle
}

import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { measuresFor } from '../../components/grid/layout.ts'
import { scope } from '../../components/grid/selection.ts'
import { onScroll, useScroll } from '../../components/grid/viewport.ts'
import { useUsage } from '../../lib/session.ts'
import { Month } from './month.tsx'
import { findSketch, type MonthCount, sketchesBetween } from './month-data.ts'
import { Scrubber } from './scrubber.tsx'
import { type Anchor, anchorAt, heightOf, type MonthHeight, stack, topOf } from './timeline-layout.ts'

interface TimelineProps {
  months: readonly MonthCount[]
  width: number
  onOpen: (id: string) => void
}

/** A month is drawn when it comes within this many pixels. */
const near = 1_000

/** All pictures by months; only those near the window are there. */
export const Timeline = memo(function Timeline({ months, width, onOpen }: TimelineProps) {
  const scroll = useScroll()
  const [element, setElement] = useState<HTMLElement | null>(null)
  const { blocks, setHeight } = useBlocks(months, width)
  const top = useTop(element)
  const look = useSteadyPlace(blocks, top)
  const noteHeight = useCallback(
    (month: string, height: MonthHeight) => {
      look()
      setHeight(month, height)
    },
    [look, setHeight],
  )
  useScope(months)
  const from = scroll - top - near
  const to = scroll - top + innerHeight + near
  return (
    <div ref={setElement} className="relative [overflow-anchor:none]" style={{ height: heightOf(blocks) }}>
      {blocks
        .filter((block) => block.top < to && block.top + block.height > from)
        .map((block) => (
          <Month
            key={block.month}
            block={block}
            width={width}
            top={top + block.top}
            onHeight={noteHeight}
            onOpen={onOpen}
          />
        ))}
      <Scrubber blocks={blocks} top={top} />
    </div>
  )
})

/** Where each month stands, which changes as they become known. */
function useBlocks(months: readonly MonthCount[], width: number) {
  const [known, setKnown] = useState<{ width: number; heights: ReadonlyMap<string, MonthHeight> }>()
  const [heading] = useState(() => 3.25 * rootPixels())
  const blocks = useMemo(
    () => stack(months, known?.width === width ? known.heights : new Map(), measuresFor(width), heading),
    [months, known, width, heading],
  )
  const setHeight = useCallback(
    (month: string, height: MonthHeight) =>
      setKnown((before) => {
        const heights = before?.width === width ? before.heights : new Map<string, MonthHeight>()
        const { height: old, known } = heights.get(month) ?? {}
        if (old === height.height && known === height.known) return before
        return { width, heights: new Map([...heights, [month, height]]) }
      }),
    [width],
  )
  return { blocks, setHeight }
}

/** Whoever reads with larger letters has larger headings. */
const rootPixels = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize)

/** Where it begins on the page, whatever comes to stand above it. */
function useTop(element: HTMLElement | null): number {
  const [top, setTop] = useState(0)
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(() => setTop(Math.round(element.getBoundingClientRect().top + scrollY)))
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [element])
  return top
}

/**
 * What is in the window stays there when something above turns out higher or lower. Answers how to look where it is, to be called
 * before the document changes: events of scrolling come a frame too late for that.
 */
function useSteadyPlace(blocks: ReturnType<typeof stack>, top: number): () => void {
  const anchor = useRef<Anchor>(undefined)
  const place = useRef({ blocks, top })
  const look = useCallback(() => {
    anchor.current = anchorIn(place.current)
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

const anchorIn = ({ blocks, top }: { blocks: ReturnType<typeof stack>; top: number }): Anchor | undefined =>
  scrollY > top ? anchorAt(blocks, scrollY - top, innerHeight) : undefined

function useScope(months: readonly MonthCount[]): void {
  const bytes = useUsage().data?.bytes
  useEffect(() => {
    const count = months.reduce((sum, month) => sum + month.count, 0)
    const mine = {
      find: findSketch,
      between: (from: Parameters<typeof sketchesBetween>[0], to: typeof from) => sketchesBetween(from, to, months),
      all: { filter: {}, count, ...(bytes !== undefined && { bytes }) },
    }
    scope.set(() => mine)
    return () => scope.set((now) => (now === mine ? undefined : now))
  }, [months, bytes])
}

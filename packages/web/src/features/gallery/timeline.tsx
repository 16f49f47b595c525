import { memo, useEffect, useState } from 'react'
import { scope } from '../../components/grid/selection.ts'
import { useScroll } from '../../components/grid/viewport.ts'
import { useUsage } from '../../lib/session.ts'
import { Month } from './month.tsx'
import { findSketch, type MonthCount, sketchesBetween } from './month-data.ts'
import { Scrubber } from './scrubber.tsx'
import { useSteadyBlocks } from './steady-blocks.ts'
import { heightOf } from './timeline-layout.ts'

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
  const { top, covered } = useEdges(element)
  const { blocks, setHeight, goTo } = useSteadyBlocks(months, width, top)
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
            onHeight={setHeight}
            onOpen={onOpen}
          />
        ))}
      <Scrubber blocks={blocks} top={top} covered={covered} goTo={(y) => goTo(y - covered)} />
    </div>
  )
})

/** Where it begins on the page, whatever comes to stand above it, and how much of the top of the window the bar covers; pixels. */
function useEdges(element: HTMLElement | null): { top: number; covered: number } {
  const [edges, setEdges] = useState({ top: 0, covered: 0 })
  useEffect(() => {
    if (!element) return
    const observer = new ResizeObserver(() => {
      const top = Math.round(element.getBoundingClientRect().top + scrollY)
      const covered = Number.parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop)
      setEdges((old) => (old.top === top && old.covered === covered ? old : { top, covered }))
    })
    observer.observe(document.body)
    return () => observer.disconnect()
  }, [element])
  return edges
}

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

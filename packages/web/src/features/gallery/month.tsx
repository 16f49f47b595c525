import { useEffect, useLayoutEffect, useMemo, useRef } from 'react'
import { Grid } from '../../components/grid/grid.tsx'
import { estimatedHeight, justify, type Layout, measuresFor, sumOfRatios } from '../../components/grid/layout.ts'
import type { Sketch } from '../../components/grid/sketch.ts'
import { useRushing, useScroll } from '../../components/grid/viewport.ts'
import { formatMonth, formatNumber } from '../../lib/format.ts'
import { sketchesOf, useMonth } from './month-data.ts'
import { type Block, type MonthHeight, type Sample, typicalRatio } from './timeline-layout.ts'

interface MonthProps {
  block: Block
  width: number
  /** Where it begins on the page. */
  top: number
  onHeight: (month: string, height: MonthHeight, seen: Sample) => void
  onOpen: (id: string) => void
}

/** Further pictures of a month are asked for this far ahead. */
const ahead = 2_000

export function Month({ block, width, top, onHeight, onOpen }: MonthProps) {
  const { month, count } = block
  const isRushing = useRushing()
  const scroll = useScroll()
  const wasWanted = useRef(false)
  wasWanted.current ||= !isRushing
  const { data, hasNextPage, isFetching, fetchNextPage } = useMonth(month, wasWanted.current)
  const sketches = useMemo(() => data && sketchesOf(data), [data])
  const layout = useLayout(sketches, width)

  const known = layout?.height ?? 0
  const left = count - (sketches?.length ?? 0)
  const seen = useMemo(() => sampleOf(sketches ?? []), [sketches])
  const height = hasNextPage ? known + estimatedHeight(left, typicalRatio(seen), measuresFor(width)) : known
  useLayoutEffect(() => {
    if (layout) onHeight(month, { height, known }, seen)
  }, [layout, month, height, known, seen, onHeight])
  const isNearEnd = hasNextPage && !isFetching && top + block.heading + known < scroll + innerHeight + ahead
  useEffect(() => {
    if (isNearEnd) void fetchNextPage()
  }, [isNearEnd, fetchNextPage])

  const name = formatMonth(month)
  return (
    // Another one when its pictures come: browsers would count as moved what stood for them, where its end is held.
    <section
      key={layout ? 'drawn' : 'guessed'}
      className="absolute inset-x-0"
      style={{ top: block.top, height: block.height }}
    >
      <h2 className="title sticky top-12 z-10 flex h-13 items-center gap-2 bg-bg px-4 sm:top-14 sm:px-0">
        {name} <span className="meta font-normal">{formatNumber(count)}</span>
      </h2>
      {sketches && layout && (
        <Grid label={name} sketches={sketches} layout={layout} top={top + block.heading} onOpen={onOpen} />
      )}
    </section>
  )
}

const sampleOf = (sketches: readonly Sketch[]): Sample => ({
  count: sketches.length,
  sum: sumOfRatios(sketches.map(({ ratio }) => ratio)),
})

/** Rows that stand stay while more comes. */
function useLayout(sketches: readonly Sketch[] | undefined, width: number): Layout | undefined {
  const before = useRef<{ width: number; sketches: readonly Sketch[]; layout: Layout }>(undefined)
  return useMemo(() => {
    if (!sketches) return undefined
    const { current } = before
    const isLonger = current?.width === width && current.sketches.every(({ id }, at) => sketches[at]?.id === id)
    const ratios = sketches.map(({ ratio }) => ratio)
    const layout = justify(ratios, measuresFor(width), isLonger ? current.layout.rows : [])
    before.current = { width, sketches, layout }
    return layout
  }, [sketches, width])
}

import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { Grid } from '../../components/grid/grid.tsx'
import { estimatedHeight, justify, measuresFor } from '../../components/grid/layout.ts'
import { moveByArrow } from '../../components/grid/roving.ts'
import { useScroll, useWidth } from '../../components/grid/viewport.ts'
import { LoadError } from '../../components/load-error.tsx'
import { SelectionBar } from '../../components/selection-bar.tsx'
import { formatMonth, formatNumber } from '../../lib/format.ts'
import { choosePictures } from '../../lib/upload-queue.ts'
import { say } from '../../lib/words.ts'
import { knownOrder, useMonth, useMonths } from './month-data.ts'
import { SearchResults } from './search-results.tsx'

const Viewer = lazy(() => import('../../components/viewer/viewer.tsx'))

export default function Gallery() {
  const [query, setQuery] = useSearchParams()
  const [element, setElement] = useState<HTMLElement | null>(null)
  const width = useWidth(element)
  const q = query.get('q')?.trim() ?? ''
  const viewed = query.get('view')
  useEffect(() => {
    element?.addEventListener('keydown', moveByArrow)
    return () => element?.removeEventListener('keydown', moveByArrow)
  }, [element])
  const view = (id: string | undefined) =>
    setQuery((before) => {
      const next = new URLSearchParams(before)
      if (id === undefined) next.delete('view')
      else next.set('view', id)
      return next
    })
  const close = () => {
    view(undefined)
    // Back to where it was opened from.
    requestAnimationFrame(() => document.querySelector<HTMLElement>(`[data-tile="${viewed}"]`)?.focus())
  }
  return (
    <div className="px-0 sm:px-6">
      <h1 className="sr-only">{say('nav.photos')}</h1>
      <SelectionBar />
      <div ref={setElement}>
        {width > 0 &&
          (q ? <SearchResults q={q} width={width} onOpen={view} /> : <Timeline width={width} onOpen={view} />)}
      </div>
      {viewed && (
        <Suspense>
          <Viewer id={viewed} order={knownOrder()} onMove={view} onClose={close} />
        </Suspense>
      )}
    </div>
  )
}

function Timeline({ width, onOpen }: { width: number; onOpen: (id: string) => void }) {
  const months = useMonths()
  if (months.isPending) return null
  if (months.isError) return <LoadError onRetry={() => void months.refetch()} />
  if (months.data.length === 0) return <Empty />
  return months.data.map(({ month, count }, at) => (
    <Month key={month} month={month} count={count} width={width} isFirst={at === 0} onOpen={onOpen} />
  ))
}

/** A month is asked for when it comes within this many pixels. */
const near = 1_500

interface MonthProps {
  month: string
  count: number
  width: number
  isFirst: boolean
  onOpen: (id: string) => void
}

function Month({ month, count, width, isFirst, onOpen }: MonthProps) {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const scroll = useScroll()
  const measures = measuresFor(width)
  const top = element?.offsetTop ?? 0
  const guessed = estimatedHeight(count, measures)
  const isNear = element !== null && top < scroll + innerHeight + near && top + guessed > scroll - near
  const { data } = useMonth(month, isNear)
  const layout = useMemo(
    () =>
      data &&
      justify(
        data.map(({ ratio }) => ratio),
        measuresFor(width),
      ),
    [data, width],
  )
  return (
    <section>
      <Heading>
        {formatMonth(month)} <span className="meta font-normal">{formatNumber(count)}</span>
      </Heading>
      <div ref={setElement} style={{ height: layout?.height ?? guessed }}>
        {data && layout && <Grid sketches={data} layout={layout} top={top} isFirst={isFirst} onOpen={onOpen} />}
      </div>
    </section>
  )
}

const Heading = ({ children }: { children: ReactNode }) => (
  <h2 className="title sticky top-12 z-10 bg-bg px-4 py-3 sm:top-14 sm:px-0">{children}</h2>
)

function Empty() {
  return (
    <div className="m-4 grid min-h-[50dvh] place-items-center rounded-dialog border-2 border-dashed border-edge sm:m-0 sm:mt-6">
      <div className="grid justify-items-center gap-4 p-6 text-center">
        <p>{say('gallery.empty')}</p>
        <button type="button" className="primary" onClick={choosePictures}>
          {say('gallery.choose')}
        </button>
      </div>
    </div>
  )
}

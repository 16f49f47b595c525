import { useDeferredValue, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useGridKeys } from '../../components/grid/grid-keys.ts'
import { scope } from '../../components/grid/selection.ts'
import { useTouchSelection } from '../../components/grid/touch-selection.ts'
import { useWidth } from '../../components/grid/viewport.ts'
import { LoadError } from '../../components/load-error.tsx'
import { PendingTiles } from '../../components/pending-tiles.tsx'
import { SelectionBar } from '../../components/selection-bar.tsx'
import { useViewed, Viewed } from '../../components/viewer/viewed.tsx'
import { useKeys } from '../../lib/keys.ts'
import { choosePictures } from '../../lib/pick-files.ts'
import { useStore } from '../../lib/store.ts'
import { say } from '../../lib/words.ts'
import { Filters, filtersIn } from './filters.tsx'
import { useMonths, useOrderAround } from './month-data.ts'
import { SearchResults } from './search-results.tsx'
import { Timeline } from './timeline.tsx'

export default function Gallery() {
  const [query, setQuery] = useSearchParams()
  const [element, setElement] = useState<HTMLElement | null>(null)
  const width = useWidth(element)
  // A moment later, so that letters appear as they are typed.
  const shown = useDeferredValue(query)
  const isFiltered = Object.keys(filtersIn(shown)).length > 0
  const { viewed, open, move } = useViewed()
  useKeys(isFiltered ? { back: () => setQuery({}) } : {})
  return (
    <div className="px-0 sm:px-6">
      <h1 className="sr-only">{say('nav.photos')}</h1>
      <SelectionBar />
      <Filters />
      {!isFiltered && <PendingTiles />}
      <div ref={setElement}>
        {width > 0 &&
          (isFiltered ? <SearchResults width={width} onOpen={open} /> : <Months width={width} onOpen={open} />)}
      </div>
      {viewed && <ViewedHere id={viewed} isFound={isFiltered} onMove={move} />}
    </div>
  )
}

interface ViewedProps {
  id: string
  /** Among what was found, not among all. */
  isFound: boolean
  onMove: (id: string | undefined) => void
}

function ViewedHere({ id, isFound, onMove }: ViewedProps) {
  const around = useOrderAround(isFound ? undefined : id)
  return <Viewed id={id} order={useStore(scope)?.order?.() ?? around} onMove={onMove} />
}

function Months({ width, onOpen }: { width: number; onOpen: (id: string) => void }) {
  const [element, setElement] = useState<HTMLElement | null>(null)
  const months = useMonths()
  useGridKeys(element)
  useTouchSelection(element)
  if (months.isPending) return null
  if (months.isError) return <LoadError onRetry={() => void months.refetch()} />
  if (months.data.length === 0) return <Empty />
  return (
    <div ref={setElement}>
      <Timeline months={months.data} width={width} onOpen={onOpen} />
    </div>
  )
}

function Empty() {
  return (
    <div className="m-4 grid min-h-[50dvh] place-items-center rounded-dialog border-2 border-dashed border-edge sm:m-0 sm:mt-6">
      <div className="grid justify-items-center gap-4 p-6 text-center">
        <p>{say('gallery.empty')}</p>
        <button type="button" className="primary" onClick={() => choosePictures()}>
          {say('gallery.choose')}
        </button>
      </div>
    </div>
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { EndlessGrid } from '../../components/grid/endless-grid.tsx'
import { sketchOf } from '../../components/grid/sketch.ts'
import { LoadError } from '../../components/load-error.tsx'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'
import { asFilters, filtersIn, filtersSaid } from './filters.tsx'

interface SearchProps {
  width: number
  onOpen: (id: string) => void
}

export function SearchResults({ width, onOpen }: SearchProps) {
  const [query, setQuery] = useSearchParams()
  const chosen = filtersIn(query)
  const asked = useDeferredValue(JSON.stringify(chosen))
  const filter = useMemo(() => asFilters(JSON.parse(asked)), [asked])
  const search = useInfiniteQuery({
    queryKey: ['search', filter],
    queryFn: ({ pageParam, signal }) =>
      client.images.list({ query: { ...filter, limit: 100, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  const sketches = useMemo(() => search.data?.pages.flatMap(({ items }) => items.map(sketchOf)) ?? [], [search.data])
  const { hasNextPage, isFetching, fetchNextPage } = search
  if (search.isError && !search.data) return <LoadError onRetry={() => void search.refetch()} />
  if (search.isSuccess && sketches.length === 0 && !hasNextPage) {
    return (
      <div className="grid justify-items-center gap-4 p-12 text-center">
        <p>{say('gallery.noMatch', { query: filtersSaid(chosen) })}</p>
        <button type="button" className="secondary" onClick={() => setQuery({})}>
          {say('gallery.clear')}
        </button>
      </div>
    )
  }
  return (
    <EndlessGrid
      sketches={sketches}
      width={width}
      filter={filter}
      hasMore={hasNextPage}
      onOpen={onOpen}
      onNearEnd={hasNextPage && !isFetching ? fetchNextPage : undefined}
    />
  )
}

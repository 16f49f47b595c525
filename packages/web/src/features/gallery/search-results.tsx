import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useMemo } from 'react'
import { useSearchParams } from 'wouter'
import { EndlessGrid } from '../../components/grid/endless-grid.tsx'
import { sketchOf } from '../../components/grid/sketch.ts'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'

interface SearchProps {
  q: string
  width: number
  onOpen: (id: string) => void
}

export function SearchResults({ q, width, onOpen }: SearchProps) {
  const asked = useDeferredValue(q)
  const [, setQuery] = useSearchParams()
  const search = useInfiniteQuery({
    queryKey: ['search', asked],
    queryFn: ({ pageParam, signal }) =>
      client.images.list({ query: { q: asked, limit: 100, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  const sketches = useMemo(() => search.data?.pages.flatMap(({ items }) => items.map(sketchOf)) ?? [], [search.data])
  const { hasNextPage, isFetching, fetchNextPage } = search
  if (search.isSuccess && sketches.length === 0 && !hasNextPage) {
    return (
      <div className="grid justify-items-center gap-4 p-12 text-center">
        <p>{say('gallery.noMatch', { query: q })}</p>
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
      filter={{ q: asked }}
      hasMore={hasNextPage}
      onOpen={onOpen}
      onNearEnd={hasNextPage && !isFetching ? fetchNextPage : undefined}
    />
  )
}

import { useInfiniteQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { client } from '../../lib/client.ts'
import { say } from '../../lib/words.ts'
import { Grid } from './grid.tsx'
import { justify, measuresFor } from './layout.ts'
import { useScroll } from './viewport.ts'

interface SearchProps {
  q: string
  width: number
  onOpen: (id: string) => void
}

export function SearchResults({ q, width, onOpen }: SearchProps) {
  const asked = useDeferredValue(q)
  const [, setQuery] = useSearchParams()
  const [element, setElement] = useState<HTMLElement | null>(null)
  const scroll = useScroll()
  const search = useInfiniteQuery({
    queryKey: ['search', asked],
    queryFn: ({ pageParam, signal }) =>
      client.images.list({ query: { q: asked, limit: 100, ...(pageParam && { cursor: pageParam }) }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
  })
  const sketches = useMemo(
    () =>
      search.data?.pages.flatMap(({ items }) =>
        items.map(({ id, width, height, thumbhash = '' }) => ({
          id,
          thumbhash,
          ratio: width && height ? width / height : 1,
        })),
      ) ?? [],
    [search.data],
  )
  const layout = useMemo(
    () =>
      justify(
        sketches.map(({ ratio }) => ratio),
        measuresFor(width),
      ),
    [sketches, width],
  )
  const top = element?.offsetTop ?? 0
  const isNearEnd = top + layout.height < scroll + innerHeight + 1_500
  const { hasNextPage, isFetching, fetchNextPage } = search
  useEffect(() => {
    if (isNearEnd && hasNextPage && !isFetching) void fetchNextPage()
  }, [isNearEnd, hasNextPage, isFetching, fetchNextPage])
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
    <div ref={setElement} className="pt-4">
      <Grid sketches={sketches} layout={layout} top={top} isFirst onOpen={onOpen} />
    </div>
  )
}

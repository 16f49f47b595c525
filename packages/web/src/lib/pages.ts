import { type QueryKey, useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'

interface Page<T> {
  items: T[]
  next_cursor?: string
}

/** A list that the server gives in pages: what has come of it, and the query by which more is asked for. */
export function usePages<T>(queryKey: QueryKey, fetchPage: (at: { cursor?: string }) => Promise<Page<T>>) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam ? { cursor: pageParam } : {}),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
  })
  const items = useMemo(() => query.data?.pages.flatMap((page) => page.items), [query.data])
  return { query, items }
}

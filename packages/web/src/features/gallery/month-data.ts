import {
  type InfiniteData,
  infiniteQueryOptions,
  queryOptions,
  useInfiniteQuery,
  useQuery,
} from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Sketch } from '../../components/grid/sketch.ts'
import { client } from '../../lib/client.ts'
import { takeEarlyTimeline } from '../../lib/early.ts'
import { queries } from '../../lib/session.ts'

export interface MonthCount {
  month: string
  count: number
}

interface Page {
  sketches: Sketch[]
  next: string | undefined
}

/** A month that is out of sight is forgotten after this: a hundred thousand pictures are not kept for who scrolls through. */
const keptMs = 5_000

const monthsQuery = queryOptions({ queryKey: ['timeline'], queryFn: fetchMonths })

export const useMonths = () => useQuery(monthsQuery)

/** Months that fill the first window in most collections. */
const firstMonths = 2

/** Before anything is drawn that needs them. */
export async function askForMonths(): Promise<void> {
  await queries.prefetchQuery(monthsQuery)
  for (const { month } of queries.getQueryData(monthsQuery.queryKey)?.slice(0, firstMonths) ?? [])
    void queries.prefetchInfiniteQuery(monthQuery(month))
}

async function fetchMonths(): Promise<MonthCount[]> {
  const answer = (await takeEarlyTimeline()) ?? (await client.collection.timeline())
  return 'months' in answer ? answer.months : []
}

const monthQuery = (month: string) =>
  infiniteQueryOptions({
    queryKey: ['month', month],
    queryFn: ({ pageParam, signal }) => fetchPage(month, pageParam, signal),
    initialPageParam: '',
    getNextPageParam: ({ next }: Page) => next,
    staleTime: 60_000,
    gcTime: keptMs,
    // Comparing thousands of sketches costs more than drawing those in the window again.
    structuralSharing: false,
  })

async function fetchPage(month: string, cursor: string, signal: AbortSignal): Promise<Page> {
  const answer = await client.collection.timeline({ query: { month, ...(cursor && { cursor }) }, signal })
  if (!('ids' in answer)) return { sketches: [], next: undefined }
  const { ids, ratios, thumbhashes, names, times, sizes, marks, next_cursor: next } = answer
  const sketches = ids.map((id, at) => ({
    id,
    ratio: ratios[at] ?? 1,
    thumbhash: thumbhashes[at] ?? '',
    name: names[at] ?? id,
    time: times[at] ?? 0,
    size: sizes[at] ?? 0,
    marks: marks[at] ?? 0,
  }))
  return { sketches, next }
}

export const useMonth = (month: string, isWanted: boolean) =>
  useInfiniteQuery({ ...monthQuery(month), enabled: isWanted })

export const sketchesOf = ({ pages }: InfiniteData<Page>): Sketch[] => pages.flatMap(({ sketches }) => sketches)

/** Of what is in memory. */
export function findSketch(id: string): Sketch | undefined {
  for (const [, data] of queries.getQueriesData<InfiniteData<Page>>({ queryKey: ['month'] })) {
    for (const page of data?.pages ?? []) {
      const found = page.sketches.find((sketch) => sketch.id === id)
      if (found) return found
    }
  }
  return undefined
}

/** Pages of a thousand; a month has as many as it has. */
const allPages = 10_000

/** All from one to the other, asked for where they are not known. */
export async function sketchesBetween(from: Sketch, to: Sketch, months: readonly MonthCount[]): Promise<Sketch[]> {
  const [newer, older] = [monthOf(from), monthOf(to)].sort().reverse()
  const wanted = months.filter(({ month }) => month <= newer! && month >= older!)
  const all: Sketch[] = []
  for (const { month } of wanted)
    all.push(...sketchesOf(await queries.fetchInfiniteQuery({ ...monthQuery(month), pages: allPages })))
  const ends = [from, to].map(({ id }) => all.findIndex((sketch) => sketch.id === id)).sort((a, b) => a - b)
  return ends[0] === -1 ? [from, to] : all.slice(ends[0], ends[1]! + 1)
}

/** As the server puts it into months. */
const monthOf = ({ time }: Sketch): string => new Date(time * 1000).toISOString().slice(0, 7)

/** What the viewer pages through: the month of the picture and its neighbours, as far as they are known without a gap. */
export function useOrderAround(id: string | undefined): string[] {
  const { data: months = [] } = useMonths()
  const here = id === undefined ? undefined : findSketch(id)
  const at = here ? months.findIndex(({ month }) => month === monthOf(here)) : -1
  const nameAt = (place: number) => (at === -1 ? undefined : months[place]?.month)
  const before = useWholeMonth(nameAt(at - 1))
  const own = useWholeMonth(nameAt(at))
  const after = useWholeMonth(nameAt(at + 1))
  const order = [...(before.isWhole ? before.sketches : []), ...own.sketches, ...(own.isWhole ? after.sketches : [])]
  return order.map((sketch) => sketch.id)
}

function useWholeMonth(month: string | undefined): { sketches: Sketch[]; isWhole: boolean } {
  const { data, hasNextPage, isFetching, fetchNextPage } = useMonth(month ?? '', month !== undefined)
  useEffect(() => {
    if (hasNextPage && !isFetching) void fetchNextPage()
  }, [hasNextPage, isFetching, fetchNextPage])
  return { sketches: data ? sketchesOf(data) : [], isWhole: data !== undefined && !hasNextPage }
}

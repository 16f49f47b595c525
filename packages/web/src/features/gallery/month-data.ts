import { queryOptions, useQuery } from '@tanstack/react-query'
import type { Sketch } from '../../components/grid/sketch.ts'
import { client } from '../../lib/client.ts'
import { queries } from '../../lib/session.ts'

interface MonthCount {
  month: string
  count: number
}

export const useMonths = () =>
  useQuery({
    queryKey: ['timeline'],
    queryFn: async (): Promise<MonthCount[]> => {
      const answer = await client.collection.timeline()
      return 'months' in answer ? answer.months : []
    },
  })

/** A month of more than that many is drawn as far as this. */
const maxPages = 100

const monthQuery = (month: string) =>
  queryOptions({
    queryKey: ['month', month],
    queryFn: async ({ signal }): Promise<Sketch[]> => {
      const sketches: Sketch[] = []
      let cursor: string | undefined
      for (let page = 0; page < maxPages; page++) {
        const answer = await client.collection.timeline({ query: { month, ...(cursor && { cursor }) }, signal })
        if (!('ids' in answer)) break
        const { ids, ratios, thumbhashes, next_cursor } = answer
        sketches.push(...ids.map((id, at) => ({ id, ratio: ratios[at] ?? 1, thumbhash: thumbhashes[at] ?? '' })))
        cursor = next_cursor
        if (!cursor) break
      }
      return sketches
    },
    staleTime: 60_000,
  })

export const useMonth = (month: string, isNear: boolean) => useQuery({ ...monthQuery(month), enabled: isNear })

/** All that is drawn, in its order: what the viewer pages through. */
export function knownOrder(): string[] {
  const months = queries.getQueryData<MonthCount[]>(['timeline']) ?? []
  return months.flatMap(({ month }) => (queries.getQueryData<Sketch[]>(['month', month]) ?? []).map(({ id }) => id))
}

import { QueryClient, useQuery } from '@tanstack/react-query'
import { client } from './client.ts'

export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // The SDK has tried again already.
      retry: false,
      refetchOnWindowFocus: true,
    },
  },
})

/** The account, with its preferences. */
export const useMe = () => useQuery({ queryKey: ['me'], queryFn: () => client.accounts.me() })

export const useUsage = () => useQuery({ queryKey: ['usage'], queryFn: () => client.images.usage() })

/** After something came, went or changed. */
export function refreshImages(): void {
  for (const queryKey of [['timeline'], ['month'], ['search'], ['trash'], ['usage']])
    void queries.invalidateQueries({ queryKey })
}

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

/** Who is signed in here; null: nobody. */
export function useMe() {
  return useQuery({
    queryKey: ['me'],
    queryFn: async () => (await client.sessions.current()).user ?? null,
  })
}

/** What this server allows. */
export const useSite = () => useQuery({ queryKey: ['site'], queryFn: () => client.system.site(), staleTime: Infinity })

/** Somebody has signed in. */
export const signedIn = (): Promise<void> => queries.invalidateQueries({ queryKey: ['me'] })

/** Somebody has signed out: nothing of theirs stays in the memory of this page. */
export const signedOut = (): void => location.assign('/')

export const useUsage = () => useQuery({ queryKey: ['usage'], queryFn: () => client.images.usage() })

/** After something came, went or changed. */
export function refreshImages(): void {
  for (const queryKey of [['timeline'], ['month'], ['search'], ['trash'], ['usage']])
    void queries.invalidateQueries({ queryKey })
}

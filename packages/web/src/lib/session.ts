import { AppError } from '@imagehost/contract'
import { QueryCache, QueryClient, useQuery } from '@tanstack/react-query'
import { client } from './client.ts'
import { preferLanguage } from './languages.ts'
import { signedOut, who } from './who.ts'

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: (error) => noticeEnd(error).catch(() => {}) }),
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // The SDK has tried again already.
      retry: false,
      refetchOnWindowFocus: true,
    },
  },
})

/** The session has ended elsewhere: then nothing of its owner stays here. */
async function noticeEnd(error: Error): Promise<void> {
  // Where nobody is known to be in, the way in is on the screen anyway.
  if (!(error instanceof AppError) || error.code !== 'auth' || who.get().state !== 'somebody') return
  const { user } = await client.sessions.current()
  if (!user) signedOut()
}

/** The account, with its preferences. */
export const useMe = () => useQuery({ queryKey: ['me'], queryFn: fetchMe })

async function fetchMe() {
  const me = await client.accounts.me()
  preferLanguage(me.preferences.language)
  return me
}

export const useUsage = () => useQuery({ queryKey: ['usage'], queryFn: () => client.images.usage() })

interface Pages<T> {
  pages: T[]
}
type Ids = ReadonlySet<string>

/** What is being deleted goes from the screen at once, before the server has said so. */
export function hideImages(ids: Ids): void {
  const keep = ({ id }: { id: string }) => !ids.has(id)
  queries.setQueriesData<Pages<{ sketches: { id: string }[] }>>(
    { queryKey: ['month'] },
    (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, sketches: page.sketches.filter(keep) })) },
  )
  queries.setQueriesData<Pages<{ items: { id: string }[] }>>(
    { queryKey: ['search'] },
    (data) => data && { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.filter(keep) })) },
  )
}

/** After something came, went or changed; resolves when the screen knows of it. */
export const refreshImages = (): Promise<unknown> =>
  Promise.all(
    [['timeline'], ['month'], ['search'], ['trash'], ['usage'], ['album']].map((queryKey) =>
      queries.invalidateQueries({ queryKey }),
    ),
  )

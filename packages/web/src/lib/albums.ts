import { useQuery } from '@tanstack/react-query'
import { client } from './client.ts'
import { queries } from './session.ts'

export type Album = Awaited<ReturnType<typeof client.albums.get>>

/** Enough for a screen of covers and for choosing one; further ones are found by their address. */
const shown = 200

export const useAlbums = () =>
  useQuery({ queryKey: ['albums'], queryFn: async () => (await client.albums.list({ query: { limit: shown } })).items })

export async function createAlbum(name: string): Promise<string> {
  const { id } = await client.albums.create({ body: { name } })
  refreshAlbums()
  return id
}

/** As many as one call takes. */
const batch = 200

export async function addToAlbum(album: string, ids: readonly string[]): Promise<void> {
  for (let at = 0; at < ids.length; at += batch)
    await client.albums.change({ params: { album }, body: { add: ids.slice(at, at + batch) } })
  refreshAlbums()
}

export function refreshAlbums(): void {
  for (const queryKey of [['albums'], ['album']]) void queries.invalidateQueries({ queryKey })
}

import type { Client } from '@imagehost/client'
import { Failure } from './faults.ts'
import { itemsOfPages } from './pages.ts'

type Calls = Pick<Client, 'albums'>
/** As many go into an album in one call. */
const batch = 200
/** As many albums are looked through for a name. */
const pageSize = 200

/** The id of an album that was named by its id, its link, or what it is called: one of yours. */
export async function findAlbum({ albums }: Calls, word: string): Promise<string> {
  const id = /(?:^|\/a\/)(alb_[A-Za-z0-9_-]{1,60})(?:[/?#]|$)/.exec(word)?.[1]
  if (id !== undefined) return id
  const found: string[] = []
  const own = itemsOfPages((cursor) => albums.list({ query: { limit: pageSize, ...cursor } }))
  for await (const album of own) if (album.name === word) found.push(album.id)
  if (found.length === 1) return found[0]!
  if (found.length === 0) throw new Failure(`You have no album ${word}.`, 'imagehost album ls lists them.')
  throw new Failure(`You have ${found.length} albums ${word}.`, `Say which by its id: ${found.join(', ')}.`)
}

/** Puts images behind those that are there, in this order. */
export async function addToAlbum({ albums }: Calls, album: string, ids: readonly string[]): Promise<void> {
  for (let start = 0; start < ids.length; start += batch) {
    await albums.change({ params: { album }, body: { add: ids.slice(start, start + batch) } })
  }
}

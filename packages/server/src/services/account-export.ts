import type { Readable } from 'node:stream'
import type { Account } from '../ports/accounts.ts'
import type { AlbumImages } from '../ports/album-images.ts'
import type { Album, Albums } from '../ports/albums.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageIndex } from '../ports/image-index.ts'
import type { ImagePosition, ImageRecord } from '../ports/images.ts'
import type { Token } from '../ports/tokens.ts'
import { type Caller, isExpired, requireScope } from './access.ts'
import type { Accounts } from './accounts.ts'
import type { Keys, ListedKey } from './keys.ts'
import type { Sessions } from './sessions.ts'

const pageSize = 200

export type AccountExport = ReturnType<typeof createAccountExport>

/** All that the house holds for an account, for its owner to take along. Nothing of it is in memory at once. */
export function createAccountExport(deps: {
  accounts: Accounts
  keys: Keys
  sessions: Sessions
  imageIndex: ImageIndex
  albums: Pick<Albums, 'list'>
  albumImages: Pick<AlbumImages, 'list'>
  blobs: BlobStore
  clock: Clock
}) {
  const { accounts, keys, sessions, imageIndex, albums, albumImages, blobs, clock } = deps

  /** Throws `insufficient_scope`: what a key may not read it may not export. */
  async function begin(caller: Caller): Promise<Belongings> {
    requireScope(caller, 'images:read')
    return {
      account: await accounts.get(caller),
      keys: await keys.list(caller),
      sessions: await sessions.list(caller),
      images: () => imagesOf(caller.uid),
      albums: () => albumsOf(caller.uid),
      open,
    }
  }

  /** Newest first. Each page leads to the next, so that it ends with the collection. */
  async function* imagesOf(uid: string): AsyncGenerator<ImageRecord> {
    let after: ImagePosition | undefined
    do {
      const page = await imageIndex.list(uid, { limit: pageSize, ...(after && { after }) })
      for (const image of page.items) if (!isExpired(image, unixSeconds(clock))) yield image
      after = page.next
    } while (after)
  }

  /** Newest first, with the ids of their images in order. */
  async function* albumsOf(uid: string): AsyncGenerator<OwnAlbum> {
    let after: ImagePosition | undefined
    do {
      const page = await albums.list(uid, { limit: pageSize, ...(after && { after }) })
      for (const album of page.items) yield { album, imageIds: await idsIn(album.id) }
      after = page.next
    } while (after)
  }

  async function idsIn(albumId: string): Promise<string[]> {
    const ids: string[] = []
    let after: number | undefined
    do {
      const page = await albumImages.list(albumId, { limit: pageSize, ...(after !== undefined && { after }) })
      ids.push(...page.items.map(({ id }) => id))
      after = page.next
    } while (after !== undefined)
    return ids
  }

  /** The bytes; undefined where they went meanwhile. */
  async function open({ key, refused }: ImageRecord): Promise<Readable | undefined> {
    return key === '' || refused !== undefined ? undefined : (await blobs.open(key))?.stream
  }

  return { begin }
}

export interface Belongings {
  account: Account
  keys: ListedKey[]
  sessions: Token[]
  images(): AsyncIterable<ImageRecord>
  albums(): AsyncIterable<OwnAlbum>
  open(image: ImageRecord): Promise<Readable | undefined>
}

interface OwnAlbum {
  album: Album
  imageIds: string[]
}

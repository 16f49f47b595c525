import type { Readable } from 'node:stream'
import type { Account } from '../ports/accounts.ts'
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
  blobs: BlobStore
  clock: Clock
}) {
  const { accounts, keys, sessions, imageIndex, blobs, clock } = deps

  /** Throws `insufficient_scope`: what a key may not read it may not export. */
  async function begin(caller: Caller): Promise<Belongings> {
    requireScope(caller, 'images:read')
    return {
      account: await accounts.get(caller),
      keys: await keys.list(caller),
      sessions: await sessions.list(caller),
      images: () => imagesOf(caller.uid),
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
  open(image: ImageRecord): Promise<Readable | undefined>
}

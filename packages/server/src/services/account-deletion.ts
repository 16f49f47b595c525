import type { Album } from '../ports/albums.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord } from '../ports/images.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import type { UploadTrace } from '../ports/uploads.ts'
import type { Albums } from './albums.ts'
import type { Grants } from './grants.ts'
import type { Images } from './images.ts'
import { inParallel } from './in-parallel.ts'
import type { Keys } from './keys.ts'
import type { Sessions } from './sessions.ts'
import type { Uploads } from './uploads.ts'

/** Images that are taken out of sight together, before their bytes follow: a few megabytes of records. */
const batch = 5_000
const pageSize = 200
/** Deletions at once; each waits for the storage. */
const parallel = 8

export type AccountDeletion = ReturnType<typeof createAccountDeletion>

/**
 * Deletes an account with all that it owns. The account goes first, so that nobody can be it any more; then what it owns is
 * found by its uid alone and deleted, the sight of it before the bytes. Servers believe a key for a moment, and an upload may
 * be under way meanwhile: so the sweeper does it all once more before it forgets the uid.
 */
export function createAccountDeletion(deps: {
  metadata: Pick<MetadataStore, 'accounts' | 'images' | 'imageIndex' | 'trash' | 'albums' | 'uploads'>
  keys: Keys
  sessions: Sessions
  images: Images
  uploads: Uploads
  albums: Pick<Albums, 'erase'>
  grants: Pick<Grants, 'endAll'>
  clock: Clock
}) {
  const { metadata, keys, sessions, images, uploads, albums, grants, clock } = deps

  /** Returns whether there was such an account. When it has answered, nothing of it is left but what a crash of ours leaves to the sweeper. */
  async function remove(uid: string): Promise<boolean> {
    const username = (await metadata.accounts.find(uid))?.username ?? ''
    if (!(await metadata.accounts.beginDelete(uid, username, unixSeconds(clock)))) return false
    await removeBelongings(uid)
    return true
  }

  /** What the first round could not see. */
  async function finish(uid: string): Promise<void> {
    await remove(uid)
    await metadata.accounts.finishDelete(uid)
  }

  async function removeBelongings(uid: string): Promise<void> {
    await Promise.all([keys.endAll(uid), sessions.endAll(uid)])
    await drain(
      async () => (await metadata.albums.list(uid, { limit: pageSize })).items,
      ({ id }) => albums.erase(id),
    )
    await grants.endAll(uid)
    await drain(() => metadata.uploads.listOpen(uid, batch), uploads.cancel)
    await drain(() => hide(uid), images.finishDeletion)
  }

  /** Takes as many images as one batch out of sight; returns their records. */
  async function hide(uid: string): Promise<ImageRecord[]> {
    const hidden: ImageRecord[] = []
    while (hidden.length < batch) {
      const [{ items: live }, { items: trashed }] = await Promise.all([
        metadata.imageIndex.list(uid, { limit: pageSize }),
        metadata.trash.list(uid, { limit: pageSize }),
      ])
      const items = [...live, ...trashed]
      if (items.length === 0) break
      await inParallel(items, parallel, async ({ id }) => {
        const image = await metadata.images.beginDelete(id, unixSeconds(clock))
        if (image) hidden.push(image)
      })
    }
    return hidden
  }

  return { remove, finish }
}

/** Until nothing is left; each round ends what it lists, so that it comes to an end. */
async function drain<T extends Album | UploadTrace | ImageRecord>(
  list: () => Promise<T[]>,
  end: (thing: T) => Promise<unknown>,
): Promise<void> {
  for (let found = await list(); found.length > 0; found = await list()) await inParallel(found, parallel, end)
}

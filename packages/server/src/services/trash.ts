import { AppError } from '@imagehost/contract/errors'
import { type BlobStore, BlobsUnavailable } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord, Images as ImagesPort } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { Trash as TrashPort } from '../ports/trash.ts'
import { type Caller, isExpired, requireOwner } from './access.ts'
import { parseCursor, printCursor } from './cursor.ts'
import { randomBase62 } from './ids.ts'
import type { ImageReader } from './image-reader.ts'
import type { Images } from './images.ts'
import type { Labels } from './labels.ts'
import type { Purges } from './purges.ts'
import { servedKey } from './storage-key.ts'
import type { VariantRemoval } from './variant-removal.ts'

/** A move begun this long ago is not under way any more in the process that began it. */
const staleSeconds = 60
/** Per round of the sweeper, and per call that empties the trash. */
const batch = 500
/** 95 bits: nobody finds the bytes of a trashed image by trying, also where a bucket is readable to all. */
const keyLength = 16

export type Trash = ReturnType<typeof createTrash>

/** Deletion that can be taken back for some days. */
export function createTrash(deps: {
  trash: TrashPort
  imageStore: ImagesPort
  images: Pick<Images, 'erase'>
  reader: ImageReader
  blobs: BlobStore
  variants: Pick<VariantRemoval, 'dropAll'>
  purges: Pick<Purges, 'purge'>
  labels: Pick<Labels, 'write'>
  clock: Clock
  log: Log
  /** How long an image can be restored. */
  days: number
}) {
  const { trash, imageStore, images, reader, blobs, variants, purges, labels, clock, log, days } = deps

  /** When it goes for good, Unix seconds. */
  const purgedAt = (image: ImageRecord): number => (image.trashedAt ?? unixSeconds(clock)) + days * 86_400

  /** When this answers, no address of the image leads anywhere. Throws as `requireOwner` does, and `s3_error`. */
  async function put(caller: Caller, id: string): Promise<ImageRecord> {
    const found = await imageStore.find(id)
    requireOwner(caller, found && isExpired(found, unixSeconds(clock)) ? undefined : found)
    const nextKey = servedKey(caller.uid, id, `${randomBase62(keyLength)}/${found!.filename}`)
    const image = await trash.put(id, unixSeconds(clock), nextKey)
    reader.forget(id)
    purges.purge(id)
    if (!image) throw new AppError('not_found')
    try {
      await variants.dropAll(id)
      return await finishMove(image)
    } catch (error) {
      if (!(error instanceof BlobsUnavailable)) throw error
      throw new AppError('s3_error', {
        message: 'The image is in the trash; addresses of its storage end as soon as that answers again.',
        cause: error,
      })
    }
  }

  /** Throws as `requireOwner` does: what is not in the trash is not there. */
  async function restore(caller: Caller, id: string): Promise<ImageRecord> {
    const trashed = await trash.find(id)
    requireOwner(caller, trashed && isExpired(trashed, unixSeconds(clock)) ? undefined : trashed)
    // First, so that nobody is sent to a key that the bytes are about to leave.
    await finishMove(trashed!)
    const image = await trash.restore(id)
    reader.forget(id)
    if (!image) throw new AppError('not_found')
    // Else it would seem to lie in the trash, should the metadata be lost.
    await labels.write(image).catch((error) => log.warn({ err: error, image: id }, 'Restored, and not labelled so.'))
    return image
  }

  /**
   * Brings the bytes to where the record says, from wherever a crash has left them. Two at it at once do no harm: both copy
   * the same bytes, and the key that is left is never used again.
   */
  async function finishMove(image: ImageRecord): Promise<ImageRecord> {
    let moved = await leaveFormer(image)
    const { id, key, nextKey } = moved
    if (nextKey === undefined) return moved
    if (key !== '') await blobs.copy(key, nextKey)
    const changed = await trash.changeKey(id, nextKey)
    if (changed) moved = await leaveFormer(changed)
    // Deleted meanwhile: what was copied too late must not stay.
    else if (!(await isKnown(id))) await blobs.delete(nextKey)
    return moved
  }

  async function leaveFormer(image: ImageRecord): Promise<ImageRecord> {
    const { formerKey, ...rest } = image
    if (formerKey === undefined) return image
    if (formerKey !== '') await blobs.delete(formerKey)
    await trash.finishMove(image.id, formerKey)
    return rest
  }

  const isKnown = async (id: string): Promise<boolean> => Boolean((await imageStore.find(id)) ?? (await trash.find(id)))

  /** A page of the caller's trash, those that came last first. Throws `validation` for a cursor that is not ours. */
  async function list(caller: Caller, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
    const after = cursor === undefined ? undefined : parseCursor(cursor)
    const { items, next } = await trash.list(caller.uid, { limit, ...(after && { after }) })
    const now = unixSeconds(clock)
    const kept = items.filter((image) => !isExpired(image, now))
    return { items: kept, ...(next && { nextCursor: printCursor(next) }) }
  }

  /** Deletes for good what lies in the caller's trash, some hundred at once; whether there is more. */
  async function empty(caller: Caller): Promise<{ deleted: number; isEmpty: boolean }> {
    const { items, next } = await trash.list(caller.uid, { limit: batch })
    for (const { id } of items) await images.erase(id)
    return { deleted: items.length, isEmpty: next === undefined }
  }

  /** For the sweeper: moves that a crash interrupted, and what has lain there for long enough. */
  async function sweep(): Promise<void> {
    const now = unixSeconds(clock)
    for (const image of await trash.listMoves({ before: now - staleSeconds, limit: batch })) {
      // Also the list of its owner may have been left behind.
      await (image.trashedAt === undefined
        ? trash.restore(image.id)
        : trash.put(image.id, image.trashedAt, image.nextKey ?? ''))
      await finishMove(image)
    }
    for (const id of await trash.listDue({ before: now - days * 86_400, limit: batch })) await images.erase(id)
  }

  return { put, restore, list, empty, purgedAt, chore: { id: 'trash', run: sweep } }
}

import { AppError } from '@imagehost/contract/errors'
import { formats, type ServedFormat } from '@imagehost/contract/formats'
import type { Visibility } from '@imagehost/contract/schemas'
import type { AlbumImages } from '../ports/album-images.ts'
import { type BlobStore, BlobsUnavailable } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageChanges, ImageRecord, Images as ImagesPort } from '../ports/images.ts'
import type { Reports, Resolution } from '../ports/reports.ts'
import type { Shares } from '../ports/shares.ts'
import type { Trash } from '../ports/trash.ts'
import { type Caller, isExpired, requireOwner } from './access.ts'
import { checkExpiry, type ExpiryRules } from './expiry.ts'
import { cleanFilename, originalFilename, withExtension } from './filename.ts'
import type { ImageReader } from './image-reader.ts'
import type { Labels } from './labels.ts'
import type { Purges } from './purges.ts'
import { labelKey } from './storage-key.ts'
import { cleanTags } from './tags.ts'
import type { VariantRemoval } from './variant-removal.ts'

export type Images = ReturnType<typeof createImages>

export function createImages(deps: {
  images: ImagesPort
  trash: Pick<Trash, 'find'>
  reader: ImageReader
  reports: Pick<Reports, 'resolve'>
  blobs: BlobStore
  /** Takes an image that is deleted out of all albums. */
  albumImages: Pick<AlbumImages, 'leave'>
  /** Takes back the links to an image that is deleted. */
  shares: Pick<Shares, 'deleteAll'>
  /** Lets go of what was made of an image that is deleted. */
  variants: Pick<VariantRemoval, 'dropAll'>
  /** Told of what is changed. */
  labels: Pick<Labels, 'write'>
  /** Told of images that not everybody may see any more. */
  purges: Pick<Purges, 'purge'>
  clock: Clock
  /** Whether the bucket is publicly readable, so that nothing in it can be private. */
  isStoragePublic: () => boolean
  expiry: ExpiryRules
}) {
  const { images, trash, reader, reports, blobs, albumImages, shares, variants, labels, purges } = deps
  const { clock, isStoragePublic, expiry } = deps

  async function findLive(id: string): Promise<ImageRecord | undefined> {
    const image = await images.find(id)
    return image && !isExpired(image, unixSeconds(clock)) ? image : undefined
  }

  /** Changes what is named. Throws as `requireOwner` does, `storage_public`, and `validation` for an expiry that may not be. */
  async function update(caller: Caller, id: string, changes: ImageEdit): Promise<ImageRecord> {
    requireOwner(caller, await findLive(id))
    if (changes.expiresAt !== undefined) checkExpiry(changes.expiresAt, unixSeconds(clock), expiry)
    if (changes.visibility === 'private' && isStoragePublic()) throw new AppError('storage_public')
    const { title, filename, visibility, tags, expiresAt } = changes
    const image = await images.update(id, {
      ...(title !== undefined && { title: title || null }),
      ...(filename !== undefined && (await renamed(id, filename))),
      ...(visibility !== undefined && { visibility }),
      ...(tags !== undefined && { tags: cleanTags(tags, 'body.tags') }),
      ...(expiresAt !== undefined && { expiresAt }),
    })
    reader.forget(id)
    if (visibility !== undefined) purges.purge(id)
    if (!image) throw new AppError('not_found')
    await labels.write(image).catch(unlabelled)
    return image
  }

  /** A new name keeps the extension of what the bytes are. */
  async function renamed(id: string, name: string): Promise<ImageChanges> {
    const mime = (await images.find(id))?.mime
    const [format] = Object.entries(formats).find(([, known]) => known.mime === mime) ?? []
    const fitting = (text: string) => (format ? withExtension(text, format as ServedFormat) : text)
    return { filename: fitting(cleanFilename(name)), originalFilename: fitting(originalFilename(name)) }
  }

  /** Deletes at once and for good, also from the trash: when this answers, no address of the image leads anywhere. */
  async function remove(caller: Caller, id: string): Promise<void> {
    requireOwner(caller, (await findLive(id)) ?? (await trash.find(id)))
    await removeByLink(id)
  }

  /** The same for whoever has the link for it. */
  async function removeByLink(id: string): Promise<void> {
    if (!(await erase(id))) throw new AppError('not_found')
  }

  /** The same whoever it belongs to; false if there is none. */
  async function erase(id: string, ended?: Ended): Promise<boolean> {
    const image = await images.beginDelete(id, unixSeconds(clock))
    reader.forget(id)
    if (!image) return false
    try {
      await finishDeletion(image, ended)
    } catch (error) {
      if (!(error instanceof BlobsUnavailable)) throw error
      throw new AppError('s3_error', {
        message: 'The image is gone from here; its bytes go as soon as the storage answers again.',
        cause: error,
      })
    }
    return true
  }

  /** Keeps an image from everybody but its owner and administrators, or shows it again; false if there is none. */
  async function setHidden(id: string, hidden: boolean): Promise<boolean> {
    const image = await images.update(id, { hiddenAt: hidden ? unixSeconds(clock) : null })
    reader.forget(id)
    purges.purge(id)
    if (image) await labels.write(image).catch(unlabelled)
    return image !== undefined
  }

  /** Deletes one whose time is over, unless it was prolonged. */
  async function expire(id: string): Promise<void> {
    const image = await images.beginDelete(id, unixSeconds(clock), 'if expired')
    if (image) await finishDeletion(image)
  }

  /** Its reports and bytes first, the memory of them last: a crash in between is finished by the sweeper. */
  async function finishDeletion(image: ImageRecord, ended: Ended = { outcome: 'gone' }): Promise<void> {
    await reports.resolve({ imageId: image.id }, { ...ended, at: unixSeconds(clock) })
    purges.purge(image.id)
    for (const key of [image.key, image.nextKey, image.formerKey, labelKey(image)]) if (key) await blobs.delete(key)
    await variants.dropAll(image.id)
    await albumImages.leave(image.id)
    await shares.deleteAll({ imageId: image.id })
    await images.finishDelete(image.id)
  }

  return { update, remove, removeByLink, erase, setHidden, expire, finishDeletion }
}

const unlabelled = (error: unknown): never => {
  if (!(error instanceof BlobsUnavailable)) throw error
  throw new AppError('s3_error', {
    message:
      'The image is changed; but the storage does not answer, which has to know of it too, so please send the change again later.',
    cause: error,
  })
}

/** How the open reports of a deleted image end. */
type Ended = Pick<Resolution, 'outcome' | 'by'>

interface ImageEdit {
  /** Empty: none any more. */
  title?: string | undefined
  filename?: string | undefined
  visibility?: Visibility | undefined
  /** All that it shall have. */
  tags?: readonly string[] | undefined
  /** Unix seconds; null: never. */
  expiresAt?: number | null | undefined
}

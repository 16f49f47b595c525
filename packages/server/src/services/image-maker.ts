import { AppError } from '@imagehost/contract/errors'
import type { BlobStore } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageFacts, ImageRecord, Images } from '../ports/images.ts'
import { MetadataUnavailable } from '../ports/metadata-store.ts'
import type { Claim, Draft, Uploads } from '../ports/uploads.ts'
import type { AlbumIntake } from './album-intake.ts'
import type { Drafts } from './drafts.ts'
import type { Labels } from './labels.ts'
import type { OnStep, Pictures, Prepared } from './pictures.ts'
import type { Settings } from './settings.ts'
import type { Spool, Spooled } from './spool.ts'
import { collectStored } from './stored-bytes.ts'

interface ImageMakerDependencies {
  uploads: Uploads
  images: Images
  blobs: BlobStore
  drafts: Drafts
  intake: Pick<AlbumIntake, 'place'>
  spool: Spool
  pictures: Pictures
  labels: Pick<Labels, 'seal'>
  settings: Pick<Settings, 'requireWritable'>
  clock: Clock
  onStep: OnStep
  /** Told of each new image, with its bytes. */
  onMade: (image: ImageRecord, bytes: Buffer) => void
}

export type ImageMaker = ReturnType<typeof createImageMaker>

/** From a claimed draft and the bytes that arrived for it to the committed image. */
export function createImageMaker(deps: ImageMakerDependencies) {
  const { uploads, images, blobs, drafts, intake, spool, pictures, labels, settings } = deps
  const { clock, onStep, onMade } = deps

  /** Throws what refuses the bytes, `upload_in_progress` if a newer claim won, `read_only`, and what a part that is away throws. */
  async function make(draft: Draft, claim: Claim, source: Spooled): Promise<ImageRecord> {
    checkDeclared(draft, source)
    const options = { filename: draft.filename, keepMetadata: draft.keepMetadata ?? false }
    return pictures.prepare(source, options, async (prepared) => {
      const createdAt = unixSeconds(clock)
      const label = labels.seal(imageOf(draft, prepared.facts, createdAt))
      const { facts, bytes } = await store(draft, claim, prepared, label)
      await onStep('store')
      const image = imageOf(draft, facts, createdAt)
      if (draft.place) {
        await intake.place(draft)
        await onStep('place')
      }
      // It may have begun before that was so.
      await settings.requireWritable()
      if (!(await images.commit(image, claim).catch(notSaved))) throw await lostClaim(draft)
      await onStep('commit')
      onMade(image, bytes)
      return image
    })
  }

  /**
   * Writes the served bytes, once for ever. Where a dead or paused worker of the same draft has written already, what
   * lies there counts: it went through the same steps, and writing over it could change an image that is committed.
   */
  async function store(draft: Draft, claim: Claim, prepared: Prepared, label: string): Promise<Prepared> {
    const { bytes, facts } = prepared
    await drafts.grow(draft, claim, bytes.length)
    const put = { contentType: facts.mime, size: bytes.length, ifAbsent: true, label }
    if (await blobs.put(draft.key, bytes, put)) return prepared
    const lying = await blobs.open(draft.key)
    if (!lying) throw new AppError('save_error', { retryAfterSeconds: 1 })
    const earlier = await collectStored(spool, lying.stream)
    try {
      if (earlier.sha256 === facts.sha256) return prepared
      const options = { filename: draft.filename, keepMetadata: draft.keepMetadata ?? false }
      return await pictures.prepare(earlier, options, async (found) => found)
    } finally {
      await earlier.dispose()
    }
  }

  /** Somebody else holds a newer claim, or the draft was ended: bytes that only we could have served must go. */
  async function lostClaim(draft: Draft): Promise<AppError> {
    const [image, open] = [await images.find(draft.id), await uploads.find(draft.id)]
    if (!image && !open) await blobs.delete(draft.key)
    return image || open ? inProgress(0) : new AppError('not_found')
  }

  return { make }
}

function imageOf(draft: Draft, facts: ImageFacts, createdAt: number): ImageRecord {
  const { id, ownerUid, key, visibility, originalFilename, tags, title, expiresInSeconds } = draft
  return {
    id,
    ownerUid,
    key,
    createdAt,
    views: 0,
    visibility,
    originalFilename,
    ...(tags && { tags }),
    ...(title !== undefined && { title }),
    ...(expiresInSeconds !== undefined && { expiresAt: createdAt + expiresInSeconds }),
    ...facts,
  }
}

function checkDeclared(draft: Draft, source: Spooled): void {
  if (draft.size !== undefined && draft.size !== source.size) {
    throw new AppError('content_mismatch', { details: { field: 'size', declared: draft.size, found: source.size } })
  }
  if (draft.sha256 !== undefined && draft.sha256 !== source.sha256) {
    throw new AppError('content_mismatch', {
      details: { field: 'sha256', declared: draft.sha256, found: source.sha256 },
    })
  }
}

/** Whether it is saved is not known: repeating the call tells, and saves it if not. */
const notSaved = (error: unknown): never => {
  throw error instanceof MetadataUnavailable
    ? new AppError('save_error', { retryAfterSeconds: 2, cause: error })
    : error
}

/** Somebody else is at it; comes back after this time at the latest. */
export const inProgress = (milliseconds: number): AppError =>
  new AppError('upload_in_progress', { retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) })

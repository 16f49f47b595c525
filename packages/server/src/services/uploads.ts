import { AppError, type ErrorCode } from '@imagehost/contract/errors'
import type { Visibility } from '@imagehost/contract/schemas'
import type { UploadOptions } from '@imagehost/contract/uploads'
import type { BlobStore, Presigned } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord, Images } from '../ports/images.ts'
import { MetadataUnavailable } from '../ports/metadata-store.ts'
import type { Claim, Draft, Uploads as UploadsPort, UploadTrace } from '../ports/uploads.ts'
import { type Caller, visibilityOf } from './access.ts'
import { cleanFilename, originalFilename } from './filename.ts'
import { newImageId } from './ids.ts'
import { leaseUntil, underLease } from './lease.ts'
import type { OnStep, Pictures, Prepared } from './pictures.ts'
import { type Spool, type Spooled, tooLarge } from './spool.ts'
import { servedKey, stagingKey } from './storage-key.ts'

export interface UploadRules {
  maxBytes: number
  maxDrafts: number
  quotaBytes?: number | undefined
  quotaImages?: number | undefined
  presignSeconds: number
  defaultVisibility: Visibility
  /** Whether the bucket is publicly readable, so that nothing in it can be private. */
  isStoragePublic: () => boolean
}

export interface UploadsDependencies {
  uploads: UploadsPort
  images: Images
  blobs: BlobStore
  spool: Spool
  pictures: Pictures
  clock: Clock
  rules: UploadRules
  onStep: OnStep
}

export type Uploads = ReturnType<typeof createUploads>

/** A draft outlives its address by this, so that a PUT in the last second can still be completed. */
const draftGraceSeconds = 3600

/** Faults of the bytes themselves: repeating the call with the same bytes could never succeed. */
const finalRefusals: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'unsupported_type',
  'image_corrupt',
  'image_too_complex',
  'content_mismatch',
  'too_large',
  'quota_exceeded',
])

export interface NewUpload extends UploadOptions {
  filename: string
  mime: string
  size?: number | undefined
  sha256?: string | undefined
}

/**
 * From the first request to the committed image. Every state in between is safe to meet after a crash: nothing is
 * served before `commit`, repeating the call goes on where it stopped, and the sweeper ends what nobody repeats.
 */
export function createUploads(deps: UploadsDependencies) {
  const { uploads, images, blobs, spool, pictures, clock, rules, onStep } = deps

  /** Opens a draft and an address for its bytes. Throws `too_large`, `too_many_drafts`, `quota_exceeded`, `storage_public`. */
  async function request(caller: Caller, upload: NewUpload): Promise<{ draft: Draft; presigned: Presigned }> {
    if (upload.size !== undefined && upload.size > rules.maxBytes) throw tooLarge(rules.maxBytes, upload.size)
    const draft = newDraft(caller, upload, true)
    const presigned = await blobs.presignPut(stagingKey(draft), {
      contentType: upload.mime,
      expiresInSeconds: rules.presignSeconds,
      ...(upload.size !== undefined && { size: upload.size }),
    })
    await open({ ...draft, expiresAt: presigned.expiresAt + draftGraceSeconds })
    return { draft, presigned }
  }

  /** Makes the bytes that were PUT an image, exactly once, and answers the same when it is repeated. */
  async function complete(caller: Caller, id: string): Promise<ImageRecord> {
    const known = await uploads.find(id)
    if (known && known.ownerUid !== caller.uid) throw new AppError('not_found')
    const result = await uploads.claim(id, { now: clock.now(), leaseUntil: leaseUntil(clock) })
    if (result.state === 'busy') throw inProgress(result.leaseUntil - clock.now())
    if (result.state !== 'claimed') return ownImage(caller, id)
    await onStep('claim')
    const { draft, claim } = result
    return underLease(deps, claim, () => endWell(draft, claim, () => completeStaged(draft, claim)))
  }

  /** An upload in one request: bytes that have arrived become an image, or the caller's equal one is found. */
  async function receive(
    caller: Caller,
    source: Spooled,
    upload: NewUpload,
  ): Promise<{ image: ImageRecord; duplicate: boolean }> {
    const draft = newDraft(caller, { ...upload, size: source.size }, false)
    const twin = upload.allow_duplicate ? undefined : await images.findBySource(caller.uid, source.sha256)
    if (twin && visibilityOf(twin) === draft.visibility) return { image: twin, duplicate: true }
    await open(draft, leaseUntil(clock))
    await onStep('claim')
    const claim = { id: draft.id, ownerUid: draft.ownerUid, fence: 1 }
    const image = await underLease(deps, claim, () => endWell(draft, claim, () => makeImage(draft, claim, source)))
    return { image, duplicate: false }
  }

  function newDraft(caller: Caller, upload: NewUpload, staged: boolean): Draft {
    const { default_visibility: usual = rules.defaultVisibility, keep_metadata: keepsMetadata } = caller.preferences
    const visibility = upload.visibility ?? usual
    if (visibility === 'private' && rules.isStoragePublic()) throw new AppError('storage_public')
    const id = newImageId()
    const filename = cleanFilename(upload.filename)
    const createdAt = unixSeconds(clock)
    return {
      id,
      ownerUid: caller.uid,
      key: servedKey(caller.uid, id, filename),
      filename,
      originalFilename: originalFilename(upload.filename),
      mime: upload.mime,
      createdAt,
      expiresAt: createdAt + draftGraceSeconds,
      visibility,
      staged,
      ...(upload.title && { title: upload.title }),
      ...((upload.keep_metadata ?? keepsMetadata) && { keepMetadata: true }),
      ...(upload.size !== undefined && { size: upload.size }),
      ...(upload.sha256 !== undefined && { sha256: upload.sha256 }),
    }
  }

  async function open(draft: Draft, lease?: number): Promise<void> {
    const outcome = await uploads.create(
      draft,
      {
        maxDrafts: rules.maxDrafts,
        reserveBytes: draft.size ?? rules.maxBytes,
        ...(rules.quotaBytes !== undefined && { maxBytes: rules.quotaBytes }),
        ...(rules.quotaImages !== undefined && { maxImages: rules.quotaImages }),
      },
      lease,
    )
    if (outcome === 'too_many_drafts') {
      throw new AppError('too_many_drafts', { retryAfterSeconds: 60, details: { max: rules.maxDrafts } })
    }
    if (outcome === 'quota_exceeded') throw await quotaExceeded(draft.ownerUid)
  }

  async function completeStaged(draft: Draft, claim: Claim): Promise<ImageRecord> {
    const staged = await blobs.open(stagingKey(draft))
    if (!staged) throw new AppError('not_found', { message: 'Nothing was uploaded to the address of this upload.' })
    if (staged.size > rules.maxBytes) {
      staged.stream.destroy()
      throw tooLarge(rules.maxBytes, staged.size)
    }
    const source = await spool.collect(staged.stream)
    await onStep('receive')
    try {
      return await makeImage(draft, claim, source)
    } finally {
      await source.dispose()
    }
  }

  async function makeImage(draft: Draft, claim: Claim, source: Spooled): Promise<ImageRecord> {
    checkDeclared(draft, source)
    const options = { filename: draft.filename, keepMetadata: draft.keepMetadata ?? false }
    return pictures.prepare(source, options, async (prepared) => {
      const { facts } = await store(draft, claim, prepared)
      await onStep('store')
      const image: ImageRecord = {
        id: draft.id,
        ownerUid: draft.ownerUid,
        key: draft.key,
        createdAt: unixSeconds(clock),
        views: 0,
        visibility: draft.visibility,
        originalFilename: draft.originalFilename,
        ...(draft.title !== undefined && { title: draft.title }),
        ...facts,
      }
      if (!(await images.commit(image, claim).catch(notSaved))) throw await lostClaim(draft)
      await onStep('commit')
      await cleanUp(draft)
      await onStep('finish')
      return image
    })
  }

  /**
   * Writes the served bytes, once for ever. Where a dead or paused worker of the same draft has written already, what
   * lies there counts: it went through the same steps, and writing over it could change an image that is committed.
   */
  async function store(draft: Draft, claim: Claim, prepared: Prepared): Promise<Prepared> {
    const { bytes, facts } = prepared
    if (facts.size! > (draft.size ?? rules.maxBytes)) await reserveMore(claim, bytes.length)
    const put = { contentType: facts.mime, size: bytes.length, ifAbsent: true }
    if (await blobs.put(draft.key, bytes, put)) return prepared
    const lying = await blobs.open(draft.key)
    if (!lying) throw new AppError('save_error', { retryAfterSeconds: 1 })
    const earlier = await spool.collect(lying.stream)
    try {
      if (earlier.sha256 === facts.sha256) return prepared
      const options = { filename: draft.filename, keepMetadata: draft.keepMetadata ?? false }
      return await pictures.prepare(earlier, options, async (found) => found)
    } finally {
      await earlier.dispose()
    }
  }

  async function reserveMore(claim: Claim, bytes: number): Promise<void> {
    const limits = { reserveBytes: bytes, ...(rules.quotaBytes !== undefined && { maxBytes: rules.quotaBytes }) }
    if (!(await uploads.reserve(claim, limits))) throw await quotaExceeded(claim.ownerUid)
  }

  /** A refusal for good ends the draft and deletes its bytes; any other failure leaves it to be repeated at once. */
  async function endWell<T>(draft: Draft, claim: Claim, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      const isFinal = !draft.staged || (error instanceof AppError && finalRefusals.has(error.code))
      // The refusal is what the caller should read, not a failure of the tidying: the sweeper does it again.
      await (isFinal ? abandon(draft, claim) : uploads.release(claim)).catch(() => {})
      throw error
    }
  }

  async function abandon(draft: Draft, claim: Claim): Promise<void> {
    if (!(await uploads.discard(draft, claim))) return
    await deleteBytes(draft)
    if (!draft.staged) await uploads.finish(draft)
  }

  /** For a draft that nobody can commit any more. */
  const deleteBytes = (draft: UploadTrace): Promise<unknown> =>
    Promise.all([blobs.delete(draft.key), blobs.delete(stagingKey(draft))])

  /**
   * After the commit the image stands, so a failure here is the sweeper's to repeat, not the caller's to see. It comes
   * again in any case when the address has ended: until then its holder can PUT once more, and those bytes must go too.
   */
  async function cleanUp(draft: Draft): Promise<void> {
    if (draft.staged) await blobs.delete(stagingKey(draft)).catch(() => {})
  }

  /** Ends one upload whose address has ended: completed, refused, abandoned or interrupted by a crash. */
  async function sweep(trace: UploadTrace): Promise<void> {
    if (await uploads.discard(trace)) await deleteBytes(trace)
    else await blobs.delete(stagingKey(trace))
    await uploads.finish(trace)
  }

  /** Somebody else holds a newer claim, or the draft was ended: bytes that only we could have served must go. */
  async function lostClaim(draft: Draft): Promise<AppError> {
    const [image, open] = [await images.find(draft.id), await uploads.find(draft.id)]
    if (!image && !open) await blobs.delete(draft.key)
    return image || open ? inProgress(0) : new AppError('not_found')
  }

  async function ownImage(caller: Caller, id: string): Promise<ImageRecord> {
    const image = await images.find(id)
    if (!image || image.ownerUid !== caller.uid) throw new AppError('not_found')
    return image
  }

  async function quotaExceeded(uid: string): Promise<AppError> {
    const { bytes, images: count } = await images.usage(uid)
    const max = {
      ...(rules.quotaBytes && { max_bytes: rules.quotaBytes }),
      ...(rules.quotaImages && { max_images: rules.quotaImages }),
    }
    return new AppError('quota_exceeded', { details: { bytes, images: count, ...max } })
  }

  return { request, complete, receive, sweep }
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

const inProgress = (milliseconds: number): AppError =>
  new AppError('upload_in_progress', { retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) })

import { AppError } from '@imagehost/contract/errors'
import type { Visibility } from '@imagehost/contract/schemas'
import type { UploadOptions } from '@imagehost/contract/uploads'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Images } from '../ports/images.ts'
import type { Claim, Draft, Uploads } from '../ports/uploads.ts'
import type { Caller } from './access.ts'
import { type ExpiryRules, lifetime } from './expiry.ts'
import { cleanFilename, originalFilename } from './filename.ts'
import { newImageId } from './ids.ts'
import { servedKey } from './storage-key.ts'

export interface UploadRules {
  maxBytes: number
  maxDrafts: number
  quotaBytes?: number | undefined
  quotaImages?: number | undefined
  presignSeconds: number
  defaultVisibility: Visibility
  expiry: ExpiryRules
  /** Whether the bucket is publicly readable, so that nothing in it can be private. */
  isStoragePublic: () => boolean
}

export interface NewUpload extends UploadOptions {
  filename: string
  mime: string
  size?: number | undefined
  sha256?: string | undefined
}

/** A draft outlives its address by this, so that a PUT in the last second can still be completed. */
export const draftGraceSeconds = 3600

export type Drafts = ReturnType<typeof createDrafts>

/** Uploads that begin: what a draft is made of, and whether the account may have one more. */
export function createDrafts(deps: { uploads: Uploads; images: Images; clock: Clock; rules: UploadRules }) {
  const { uploads, images, clock, rules } = deps
  const reservedBytes = (draft: Draft): number => draft.size ?? rules.maxBytes

  /** A draft that nobody has stored yet. Throws `storage_public`, `validation`. */
  function make(caller: Caller, upload: NewUpload, staged: boolean): Draft {
    const { default_visibility: usual = rules.defaultVisibility, keep_metadata: keepsMetadata } = caller.preferences
    const visibility = upload.visibility ?? usual
    if (visibility === 'private' && rules.isStoragePublic()) throw new AppError('storage_public')
    const expiresInSeconds = lifetime(upload.expires_in, rules.expiry)
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
      ...(expiresInSeconds !== undefined && { expiresInSeconds }),
      ...(upload.size !== undefined && { size: upload.size }),
      ...(upload.sha256 !== undefined && { sha256: upload.sha256 }),
    }
  }

  /** Stores it and reserves its share of the quota. Throws `too_many_drafts`, `quota_exceeded`. */
  async function open(draft: Draft, lease?: number): Promise<void> {
    const outcome = await uploads.create(
      draft,
      {
        maxDrafts: rules.maxDrafts,
        reserveBytes: reservedBytes(draft),
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

  /** For a picture that may have grown on its way, as HEIC does. Throws `quota_exceeded`. */
  async function grow(draft: Draft, claim: Claim, bytes: number): Promise<void> {
    if (bytes <= reservedBytes(draft)) return
    const limits = { reserveBytes: bytes, ...(rules.quotaBytes !== undefined && { maxBytes: rules.quotaBytes }) }
    if (!(await uploads.reserve(claim, limits))) throw await quotaExceeded(claim.ownerUid)
  }

  /** What the account holds, and what it may; for the wire. */
  async function usage(uid: string): Promise<AccountUsage> {
    const [held, open] = await Promise.all([images.usage(uid), uploads.usage(uid, unixSeconds(clock))])
    return {
      ...held,
      drafts: open.drafts,
      reserved_bytes: open.bytes,
      max_drafts: rules.maxDrafts,
      ...(rules.quotaBytes !== undefined && { max_bytes: rules.quotaBytes }),
      ...(rules.quotaImages !== undefined && { max_images: rules.quotaImages }),
    }
  }

  const quotaExceeded = async (uid: string): Promise<AppError> =>
    new AppError('quota_exceeded', { details: { ...(await usage(uid)) } })

  return { make, open, grow, usage }
}

export interface AccountUsage {
  images: number
  bytes: number
  drafts: number
  reserved_bytes: number
  max_drafts: number
  max_images?: number
  max_bytes?: number
}

import { AppError } from '@imagehost/contract/errors'
import type { UploadOptions } from '@imagehost/contract/uploads'
import type { Account, AccountQuota, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Images } from '../ports/images.ts'
import type { Claim, Draft, DraftPlace, Uploads } from '../ports/uploads.ts'
import { type Caller, isGuest } from './access.ts'
import { type ExpiryRules, lifetime } from './expiry.ts'
import { cleanFilename, originalFilename } from './filename.ts'
import { newImageId } from './ids.ts'
import { limitsOf } from './quota.ts'
import type { Settings } from './settings.ts'
import { servedKey } from './storage-key.ts'
import { cleanTags } from './tags.ts'

export interface UploadRules {
  maxBytes: number
  presignSeconds: number
  expiry: ExpiryRules
  /** Of people without an account. */
  guestQuota: AccountQuota
  /** Whether the bucket is publicly readable, so that nothing in it can be private. */
  isStoragePublic: () => boolean
}

export interface NewUpload extends UploadOptions {
  filename: string
  mime: string
  size?: number | undefined
  sha256?: string | undefined
  /** In place of `album`: where what comes by a drop link goes. */
  place?: DraftPlace
}

/** A draft outlives its address by this, so that a PUT in the last second can still be completed. */
export const draftGraceSeconds = 3600

interface DraftsDependencies {
  accounts: Pick<Accounts, 'find'>
  uploads: Uploads
  images: Images
  settings: Pick<Settings, 'get'>
  clock: Clock
  rules: UploadRules
}

export type Drafts = ReturnType<typeof createDrafts>

/** Uploads that begin: what a draft is made of, and whether the account may have one more. */
export function createDrafts(deps: DraftsDependencies) {
  const { accounts, uploads, images, settings, clock, rules } = deps
  const reservedBytes = (draft: Draft): number => draft.size ?? rules.maxBytes

  /** A draft that nobody has stored yet. Throws `storage_public`, `validation`. */
  async function make(caller: Caller, upload: NewUpload, staged: boolean): Promise<Draft> {
    const { default_visibility: usual, keep_metadata: keepsMetadata } = caller.preferences
    const visibility = upload.visibility ?? usual ?? (await settings.get()).default_visibility
    if (visibility === 'private' && rules.isStoragePublic()) throw new AppError('storage_public')
    if (visibility === 'private' && isGuest(caller)) throw privateToNobody()
    const expiresInSeconds = lifetime(upload.expires_in, caller.expiry ?? rules.expiry)
    const tags = cleanTags(upload.tags ?? '')
    const place = placeOf(upload)
    const id = newImageId()
    const filename = cleanFilename(upload.filename)
    const createdAt = unixSeconds(clock)
    return {
      id,
      ownerUid: caller.uid,
      // The key is in addresses of the storage, and whose picture it is must not be.
      key: servedKey(isGuest(caller) ? 'anonymous' : caller.uid, id, filename),
      filename,
      originalFilename: originalFilename(upload.filename),
      mime: upload.mime,
      createdAt,
      expiresAt: createdAt + draftGraceSeconds,
      visibility,
      staged,
      ...(upload.title && { title: upload.title }),
      ...(tags.length > 0 && { tags }),
      ...(place && { place }),
      ...((upload.keep_metadata ?? keepsMetadata) && { keepMetadata: true }),
      ...(expiresInSeconds !== undefined && { expiresInSeconds }),
      ...(upload.size !== undefined && { size: upload.size }),
      ...(upload.sha256 !== undefined && { sha256: upload.sha256 }),
    }
  }

  /** Stores it and reserves its share of the caller's quota. Throws `too_many_drafts`, `quota_exceeded`. */
  async function open(caller: Holder, draft: Draft, lease?: number): Promise<void> {
    const limits = await limitsFor(caller)
    const outcome = await uploads.create(draft, { ...limits, reserveBytes: reservedBytes(draft) }, lease)
    if (outcome === 'too_many_drafts') {
      throw new AppError('too_many_drafts', { retryAfterSeconds: 60, details: { max: limits.maxDrafts } })
    }
    if (outcome === 'quota_exceeded') throw await quotaExceeded(caller)
  }

  /** For a picture that may have grown on its way, as HEIC does. Throws `quota_exceeded`. */
  async function grow(draft: Draft, claim: Claim, bytes: number): Promise<void> {
    if (bytes <= reservedBytes(draft)) return
    // Who has no account is a guest.
    const owner = (await accounts.find(draft.ownerUid)) ?? { uid: draft.ownerUid, quota: rules.guestQuota }
    const { maxBytes } = await limitsFor(owner)
    const limits = { reserveBytes: bytes, ...(maxBytes !== undefined && { maxBytes }) }
    if (!(await uploads.reserve(claim, limits))) throw await quotaExceeded(owner)
  }

  /** What the account holds, and what it may; for the wire. */
  async function usage(holder: Holder): Promise<AccountUsage> {
    const [held, open, limits] = await Promise.all([
      images.usage(holder.uid),
      uploads.usage(holder.uid, unixSeconds(clock)),
      limitsFor(holder),
    ])
    return {
      ...held,
      drafts: open.drafts,
      reserved_bytes: open.bytes,
      max_drafts: limits.maxDrafts,
      ...(limits.maxBytes !== undefined && { max_bytes: limits.maxBytes }),
      ...(limits.maxImages !== undefined && { max_images: limits.maxImages }),
    }
  }

  const limitsFor = async ({ quota }: Holder) => limitsOf(quota, await settings.get())

  const quotaExceeded = async (holder: Holder): Promise<AppError> =>
    new AppError('quota_exceeded', { details: { ...(await usage(holder)) } })

  return { make, open, grow, usage }
}

const placeOf = ({ place, album }: NewUpload): DraftPlace | undefined =>
  place ?? (album === undefined ? undefined : { albumId: album })

const privateToNobody = (): AppError =>
  new AppError('validation', {
    message: 'Without an account a picture can be unlisted or public; private needs somebody who may see it.',
    details: { field: 'visibility' },
  })

/** Whose quota it is. */
type Holder = Pick<Account, 'uid' | 'quota'>

export interface AccountUsage {
  images: number
  bytes: number
  drafts: number
  reserved_bytes: number
  max_drafts: number
  max_images?: number
  max_bytes?: number
}

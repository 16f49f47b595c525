import type { Visibility } from '@imagehost/contract/schemas'

/** An upload that has begun: what becomes an image by `images.commit`. Times are Unix seconds. */
export interface Draft {
  id: string
  ownerUid: string
  /** Blob key that the served bytes will have. */
  key: string
  /** Cleaned, see ImageRecord. */
  filename: string
  originalFilename: string
  /** As declared by the client: a hint, never authority. */
  mime: string
  createdAt: number
  /** When the draft may be swept; later than the presigned address ends. */
  expiresAt: number
  visibility: Visibility
  title?: string
  tags?: readonly string[]
  /** Where it is put right before it becomes an image. */
  place?: DraftPlace
  keepMetadata?: boolean
  /** How long the image will live, from its commit on. */
  expiresInSeconds?: number
  /** Declared bytes; where absent, the largest allowed size is reserved. */
  size?: number
  /** Declared hex SHA-256 of the bytes to come. */
  sha256?: string
  /** Whether bytes may lie at the staging key, so that somebody has to delete them before `finish`. */
  staged: boolean
}

/** An album that an upload goes into. */
export interface DraftPlace {
  albumId: string
  /** It waits for the owner of the album, who gives it this visibility by letting it in. */
  heldAs?: Visibility
  /** The drop link by which it came, and what it is called there. */
  drop?: { slug: string; ticket: string }
}

/** The right to complete one draft. A later claim has a higher fence, and `commit` takes only the newest. */
export interface Claim {
  id: string
  ownerUid: string
  fence: number
}

export interface DraftLimits {
  /** Open drafts per account. */
  maxDrafts: number
  /** Bytes that this draft reserves. */
  reserveBytes: number
  /** Bytes that the account may hold, images and reservations together; absent: no limit. */
  maxBytes?: number
  /** Images that the account may hold, drafts included; absent: no limit. */
  maxImages?: number
}

export type ClaimResult =
  | { state: 'claimed'; draft: Draft; claim: Claim }
  /** Somebody else holds the lease until then (Unix milliseconds). */
  | { state: 'busy'; leaseUntil: number }
  /** It is an image already; listed and counted when this answers. */
  | { state: 'committed' }
  | { state: 'missing' }

/** Uploads between request and commit. */
export interface Uploads {
  /**
   * Stores the draft and reserves its share of the quota, or says what is exceeded and stores nothing. Exact under
   * concurrency; drafts past their `expiresAt` count no longer (compared with `draft.createdAt`). With `leaseUntil`
   * (Unix milliseconds) the draft is born claimed, with fence 1: an upload in one request needs no second call.
   */
  create(
    draft: Draft,
    limits: DraftLimits,
    leaseUntil?: number,
  ): Promise<'created' | 'too_many_drafts' | 'quota_exceeded'>
  /** The draft, also an expired one that is not swept yet; undefined once committed, discarded or deleted. */
  find(id: string): Promise<Draft | undefined>
  /**
   * Takes the lease until `leaseUntil`, if none is held at `now` (both Unix milliseconds), and raises the fence.
   * Of many parallel callers exactly one is `claimed`. A draft does not expire while its lease is held.
   */
  claim(id: string, lease: { now: number; leaseUntil: number }): Promise<ClaimResult>
  /** Prolongs the lease; false if the claim is no longer the newest or the draft is gone. */
  renew(claim: Claim, leaseUntil: number): Promise<boolean>
  /** Gives the lease back so that a repetition need not wait. Harmless if it is held no longer. */
  release(claim: Claim): Promise<void>
  /**
   * Replaces the reservation of this draft by its real size; false if the account may not hold that much, and then the
   * old reservation stays.
   */
  reserve(claim: Claim, limits: Pick<DraftLimits, 'reserveBytes' | 'maxBytes'>): Promise<boolean>
  /**
   * Ends the draft and frees its reservation, so that nobody can ever commit it. With a claim only if that is the newest;
   * false if not, or if it is an image already (whose listing is then finished). The trace stays for `finish`.
   */
  discard(draft: Pick<Draft, 'id' | 'ownerUid'>, claim?: Claim): Promise<boolean>
  /**
   * Forgets the upload: call it, after `commit` or `discard`, when no staged bytes are left and none can come any more.
   * Until then `listExpired` shows it. (`commit` itself finishes a draft that is not `staged`.) Repeating it is harmless.
   */
  finish(draft: Pick<Draft, 'id' | 'ownerUid'>): Promise<void>
  /**
   * Uploads whose `expiresAt` is before `before` and that nobody finished, oldest first: abandoned ones, and what a crash
   * left half-begun, half-committed or with staged bytes. A trace is written before anything that it covers.
   */
  listExpired(page: { before: number; limit: number }): Promise<UploadTrace[]>
  /** Drafts of this account that are not ended, expired ones included, in no order. */
  listOpen(ownerUid: string, limit: number): Promise<UploadTrace[]>
  /** How many drafts are open at `now` (Unix seconds), and the bytes that they reserve. */
  usage(ownerUid: string, now: number): Promise<{ drafts: number; bytes: number }>
}

/** What the sweeper needs to delete the bytes of an upload. */
export type UploadTrace = Pick<Draft, 'id' | 'ownerUid' | 'key'>

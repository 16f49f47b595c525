import type { ImagePosition } from './images.ts'

/** What a limited link leads to: one image, or an album with all that is in it. */
export type ShareSubject = { imageId: string; albumId?: never } | { albumId: string; imageId?: never }

/** A limited link, which opens what is private too. Times are Unix seconds. */
export type Share = ShareSubject & ShareTerms

interface ShareTerms {
  /** Whoever knows it may use the link. */
  slug: string
  ownerUid: string
  /** For the owner: whom it is for. */
  name?: string
  createdAt: number
  /** argon2id; absent: it asks for none. */
  passwordHash?: string
  expiresAt?: number
  /** How often it may be opened. */
  maxViews?: number
  /** Whether the originals may be saved as they are. */
  allowDownload: boolean
  /** How often it was opened, and when last. */
  views: number
  lastUsedAt?: number
}

/** Nobody has opened it, unless that is told. */
export type NewShare = ShareSubject & Omit<ShareTerms, 'views'> & Partial<Pick<ShareTerms, 'views'>>

/** What may be changed; null takes a thing away. */
export interface ShareChanges {
  name?: string | null
  passwordHash?: string | null
  expiresAt?: number | null
  maxViews?: number | null
  allowDownload?: boolean
}

export interface SharePage {
  items: Share[]
  /** The last of them, if there are more. */
  next?: ImagePosition
}

export interface Shares {
  /** Stores it. `full` if its subject has `max` of them, `missing` if there is no such image or album. */
  create(share: NewShare, limits: { max: number }): Promise<'created' | 'full' | 'missing'>
  /** The link, over or not, or undefined. */
  find(slug: string): Promise<Share | undefined>
  /** All to an image or album, oldest first. */
  list(subject: ShareSubject): Promise<Share[]>
  /** Of one account, newest first, those after `after` (whose `id` is the slug); a page may be short where some are gone. */
  listOf(ownerUid: string, page: { limit: number; after?: ImagePosition }): Promise<SharePage>
  /** Changes these and leaves the rest as it is by then; the link afterwards, or undefined if it is gone. */
  update(slug: string, changes: ShareChanges): Promise<Share | undefined>
  /** Takes it back; false if there is none. */
  delete(slug: string): Promise<boolean>
  /** Takes all to an image or album back. */
  deleteAll(subject: ShareSubject): Promise<void>
  /**
   * Counts an opening, in one step: however many open at once, no more are `opened` than it has views. `ended` if its time is
   * over at `now` or its views are used up, `gone` if there is no such link.
   */
  consumeView(slug: string, now: number): Promise<'opened' | 'ended' | 'gone'>
}

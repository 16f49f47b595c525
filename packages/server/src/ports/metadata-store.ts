import type { Accounts } from './accounts.ts'
import type { AlbumImages } from './album-images.ts'
import type { Albums } from './albums.ts'
import type { Answers } from './answers.ts'
import type { Audit } from './audit.ts'
import type { Blocklist } from './blocklist.ts'
import type { Drops } from './drops.ts'
import type { Grants } from './grants.ts'
import type { ImageIndex } from './image-index.ts'
import type { Images } from './images.ts'
import type { Inventory } from './inventory.ts'
import type { Invites } from './invites.ts'
import type { Limiter } from './limiter.ts'
import type { Locks } from './locks.ts'
import type { Reports } from './reports.ts'
import type { Settings } from './settings.ts'
import type { Setup } from './setup.ts'
import type { Shares } from './shares.ts'
import type { Tokens } from './tokens.ts'
import type { Trash } from './trash.ts'
import type { TwoFactor } from './two-factor.ts'
import type { Uploads } from './uploads.ts'
import type { Variants } from './variants.ts'

/**
 * Where metadata lives: one port per noun, of one engine. In all of them absence is `undefined` or `false`, and only
 * real failures throw: `MetadataUnavailable` when the engine does not answer.
 */
export interface MetadataStore {
  readonly engine: 'sqlite' | 'redis'
  readonly accounts: Accounts
  readonly tokens: Tokens
  readonly twoFactor: TwoFactor
  readonly setup: Setup
  readonly settings: Settings
  readonly invites: Invites
  readonly images: Images
  readonly imageIndex: ImageIndex
  readonly trash: Trash
  readonly albums: Albums
  readonly albumImages: AlbumImages
  readonly grants: Grants
  readonly drops: Drops
  readonly shares: Shares
  readonly uploads: Uploads
  readonly variants: Variants
  readonly locks: Locks
  readonly limiter: Limiter
  readonly answers: Answers
  readonly audit: Audit
  readonly blocklist: Blocklist
  readonly reports: Reports
  readonly inventory: Inventory
  /** Throws MetadataUnavailable if the engine does not answer within 2 seconds. */
  ping(): Promise<void>
  /** Finishes what is under way and lets go of files and connections. */
  close(): Promise<void>
}

/** The engine is away, paused or restarting; the call may be repeated. */
export class MetadataUnavailable extends Error {
  override readonly name = 'MetadataUnavailable'
}

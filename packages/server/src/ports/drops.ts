import type { Visibility } from '@imagehost/contract/schemas'

/** A link by which people without an account upload into an album. Times are Unix seconds. */
export interface Drop {
  /** Whoever knows it may use the link. */
  slug: string
  albumId: string
  /** For the owner: whom it is for. */
  name?: string
  createdAt: number
  /** argon2id; absent: it asks for none. */
  passwordHash?: string
  expiresAt?: number
  /** Files, and bytes of all of them, that may come in by it. */
  maxFiles?: number
  maxBytes?: number
  /** Whether who has the link sees what is in the album. */
  showsAlbum: boolean
  /** Whether what comes in waits for the owner. */
  holds: boolean
  /** What an image has when it is in. */
  visibility: Visibility
  /** Files and bytes that came in, or are about to. */
  files: number
  bytes: number
}

/** What came in by it so far is nothing, unless it is told. */
export type NewDrop = Omit<Drop, 'files' | 'bytes'> & Partial<Pick<Drop, 'files' | 'bytes'>>

/** What may be changed; null takes a thing away. */
export interface DropChanges {
  name?: string | null
  passwordHash?: string | null
  expiresAt?: number | null
  maxFiles?: number | null
  maxBytes?: number | null
  showsAlbum?: boolean
  holds?: boolean
  visibility?: Visibility
}

export interface Drops {
  /** Stores it. `full` if the album has `max` of them, `missing` if there is no such album. */
  create(drop: NewDrop, limits: { max: number }): Promise<'created' | 'full' | 'missing'>
  /** The link, over or not, or undefined. */
  find(slug: string): Promise<Drop | undefined>
  /** All of an album, oldest first. */
  list(albumId: string): Promise<Drop[]>
  /** Changes these and leaves the rest as it is by then; the link afterwards, or undefined if it is gone. */
  update(slug: string, changes: DropChanges): Promise<Drop | undefined>
  /** Takes it back; false if there is none. */
  delete(slug: string): Promise<boolean>
  /**
   * Counts a file that is about to come in, in one step: however many ask at once, no more are `taken` than fit. The ticket
   * names it for what follows. `gone` if
   * there is no such link or its time is over at `now`.
   */
  take(slug: string, file: { ticket: string; bytes: number; now: number }): Promise<'taken' | 'full' | 'gone'>
  /** The file did not come in: counts it no longer. Does nothing where it was not taken, or given back or kept before. */
  giveBack(slug: string, ticket: string): Promise<void>
  /** The file came in, so that nobody can give it back. Repeating it is harmless. */
  keep(slug: string, ticket: string): Promise<void>
}

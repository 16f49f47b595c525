import type { Visibility } from '@imagehost/contract/schemas'
import type { Claim } from './uploads.ts'

/**
 * One image. What the Flask project stored comes first; all of ours is optional, since its records lack it.
 * Times are Unix seconds.
 */
export interface ImageRecord {
  id: string
  ownerUid: string
  /** Blob key of the served bytes. Empty where an old record names none, or none that a store can hold. */
  key: string
  /** Cleaned: lower-case ASCII, with the extension of the served type. */
  filename: string
  mime: string
  createdAt: number
  /** All views counted so far. */
  views: number

  /** Absent on records of the Flask project, where it means `unlisted` whatever their `private` says. */
  visibility?: Visibility
  originalFilename?: string
  title?: string
  /** Bytes served. */
  size?: number
  /** Pixels, after orientation. */
  width?: number
  height?: number
  /** Above 1 for animations. */
  frames?: number
  /** Hex SHA-256 of the bytes served: the ETag, and the mark that they were inspected and stripped by us. */
  sha256?: string
  /** Hex SHA-256 of the bytes received. */
  sourceSha256?: string
  /** Base64. */
  thumbhash?: string
  /** Dominant colour, `#rrggbb`. */
  color?: string
  takenAt?: number
  camera?: string
  /** From then on it is gone for everybody; the sweeper deletes it. */
  expiresAt?: number
  /** Since when an administrator keeps it from everybody but its owner. */
  hiddenAt?: number
  /** Folded as `cleanTag` does, each once. */
  tags?: readonly string[]
  /** Since when it lies in the trash; never on a live image. */
  trashedAt?: number
  /** See `Trash`: the blob key that its bytes move to, and the one that they have left. */
  nextKey?: string
  formerKey?: string
  /** Why an old object was found not to be an image that may be served; then it is never served. */
  refused?: string
}

/** What an inspection of the bytes found, to be added to a record that lacks it. */
export type ImageFacts = Pick<
  ImageRecord,
  | 'mime'
  | 'filename'
  | 'size'
  | 'width'
  | 'height'
  | 'frames'
  | 'sha256'
  | 'sourceSha256'
  | 'thumbhash'
  | 'color'
  | 'takenAt'
  | 'camera'
  | 'refused'
>

/** What its owner may change of an image, and an administrator (`hiddenAt`); null takes a thing away. */
export interface ImageChanges {
  title?: string | null
  filename?: string
  originalFilename?: string
  visibility?: Visibility
  expiresAt?: number | null
  /** All that it shall have; an empty list takes all away. */
  tags?: readonly string[]
  hiddenAt?: number | null
}

/** A place in a list ordered by (createdAt, id), newest first. */
export interface ImagePosition {
  createdAt: number
  id: string
}

export interface Page<T> {
  items: T[]
  /** Where the next page begins; absent on the last one. A page may be shorter than asked and still have a next. */
  next?: ImagePosition
}

/** Committed images. */
export interface Images {
  /**
   * Makes the draft an image: the one moment from which it exists. False if the claim is no longer the newest of its
   * draft or the draft is gone; then nothing changed. When it has answered, the image is listed and counted once,
   * however often it is called and wherever an earlier call died.
   */
  commit(image: ImageRecord, claim: Claim): Promise<boolean>
  /** The image, or undefined: never one that is being deleted. */
  find(id: string): Promise<ImageRecord | undefined>
  /** The live image of this owner whose received bytes had this hash, or undefined. */
  findBySource(ownerUid: string, sourceSha256: string): Promise<ImageRecord | undefined>
  /** Changes these and leaves the rest as it is by then; the image afterwards, or undefined, and nothing revived, if it is gone. */
  update(id: string, changes: ImageChanges): Promise<ImageRecord | undefined>
  /** Adds what an inspection found to a record that exists; false, and nothing revived, if it is gone. */
  addFacts(id: string, facts: ImageFacts): Promise<boolean>
  /** Adds to the view counters of those images that exist; never brings a deleted one back to life. */
  addViews(views: ReadonlyMap<string, number>): Promise<void>

  /**
   * Atomically takes the image, live or in the trash, its views and its draft out of sight for everyone, and keeps what the deletion of its
   * bytes needs. Returns that record: also when an earlier deletion has begun and not finished. Undefined if there is none.
   * `now` in Unix seconds. With `if expired` only an image whose `expiresAt` is not after `now`: its owner may have
   * prolonged it in this moment.
   */
  beginDelete(id: string, now: number, condition?: 'if expired'): Promise<ImageRecord | undefined>
  /** Forgets the deletion: call it when the bytes are gone. Repeating it is harmless. */
  finishDelete(id: string): Promise<void>
  /** Deletions begun before `before` (Unix seconds) and not finished, oldest first. */
  listDeletions(page: { before: number; limit: number }): Promise<ImageRecord[]>
  /** Ids of images with an `expiresAt` before `before`, oldest first; one of them may have been prolonged or deleted meanwhile. */
  listExpired(page: { before: number; limit: number }): Promise<string[]>

  /** Images and bytes that the account holds, those in the trash included, drafts not. */
  usage(ownerUid: string): Promise<Usage>
}

export interface Usage {
  images: number
  bytes: number
}

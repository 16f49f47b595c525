import type { ImagePosition, ImageRecord, Page } from './images.ts'

/**
 * Images that can come back. Their bytes move to another key, so that no address that was given out still leads to them, and
 * stay there for good: a key that was left is never used again, and may be deleted at any later time. The record says how far
 * the move has come: `nextKey` while the bytes still have to be copied there, `formerKey` while they still lie there too.
 */
export interface Trash {
  /**
   * Takes a live image out of sight for everyone and notes the move of its bytes to `nextKey`. Returns the record, with
   * `trashedAt`: also when it was in the trash already, with the move of then. Undefined if there is none. `now` in Unix
   * seconds.
   */
  put(id: string, now: number, nextKey: string): Promise<ImageRecord | undefined>
  /** The image in the trash, or undefined. */
  find(id: string): Promise<ImageRecord | undefined>
  /** Those that came last first, by (trashedAt, id), whose time is the `createdAt` of a position. */
  list(ownerUid: string, page: { limit: number; after?: ImagePosition }): Promise<Page<ImageRecord>>
  /** Makes it a live image again, however far its move has come. The record; undefined if it is not in the trash. */
  restore(id: string): Promise<ImageRecord | undefined>
  /** Ids of images that went to the trash before `before` (Unix seconds), oldest first. */
  listDue(page: { before: number; limit: number }): Promise<string[]>

  /**
   * The bytes lie at `nextKey` now, so that is the key of the image, live or in the trash. Returns the record, with
   * `formerKey`; undefined if it is gone, or is on no such move.
   */
  changeKey(id: string, nextKey: string): Promise<ImageRecord | undefined>
  /** Forgets the move: call it when nothing lies at `formerKey`. Repeating it is harmless. */
  finishMove(id: string, formerKey: string): Promise<void>
  /** Images, live or in the trash, with moves begun before `before` (Unix seconds) and not finished, oldest first. */
  listMoves(page: { before: number; limit: number }): Promise<ImageRecord[]>
}

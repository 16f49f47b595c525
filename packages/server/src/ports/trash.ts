import type { ImagePosition, ImageRecord, Page } from './images.ts'

/**
 * Images that can come back. Their bytes lie at another key meanwhile, so that no address that was given out still leads to
 * them: the record says where they belong, and a move is noted until they are there.
 */
export interface Trash {
  /**
   * Takes a live image out of sight for everyone and notes the move of its bytes. Returns the record, with `trashedAt`: also
   * when it was in the trash already. Undefined if there is none. `now` in Unix seconds.
   */
  put(id: string, now: number): Promise<ImageRecord | undefined>
  /** The image in the trash, or undefined. */
  find(id: string): Promise<ImageRecord | undefined>
  /** Those that came last first, by (trashedAt, id), whose time is the `createdAt` of a position. */
  list(ownerUid: string, page: { limit: number; after?: ImagePosition }): Promise<Page<ImageRecord>>
  /** Notes that its bytes are about to be moved back; undefined if it is not in the trash. */
  beginRestore(id: string, now: number): Promise<ImageRecord | undefined>
  /** Makes it a live image again: call it when its bytes are back. The record; undefined if it is not in the trash. */
  restore(id: string): Promise<ImageRecord | undefined>
  /** Forgets the move: call it when the bytes are where the record says. Repeating it is harmless. */
  finishMove(id: string): Promise<void>
  /** Ids of moves begun before `before` (Unix seconds) and not finished, oldest first. */
  listMoves(page: { before: number; limit: number }): Promise<string[]>
  /** Ids of images that went to the trash before `before` (Unix seconds), oldest first. */
  listDue(page: { before: number; limit: number }): Promise<string[]>
}

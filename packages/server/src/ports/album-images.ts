import type { Visibility } from '@imagehost/contract/schemas'
import type { ImageRecord } from './images.ts'

/** An image that waits for the owner of the album to let it in. */
export interface Held {
  imageId: string
  /** What it will have when it is let in. */
  visibility: Visibility
  /** Unix seconds. */
  heldAt: number
}

export interface AlbumLimits {
  /** Images that one album may hold. */
  max: number
  /** Albums that one image may be in, so that a question about all of them is cheap. */
  maxAlbums: number
}

export type AddResult =
  | 'added'
  /** The album would hold more than it may. */
  | 'full'
  /** One of the images would be in more albums than it may. */
  | 'in_too_many'
  /** There is no such album. */
  | 'missing'

interface AlbumImagePage {
  items: ImageRecord[]
  /** The place of the last one, where the next page goes on; absent on the last one. A page may be short and still have a next. */
  next?: number
}

/**
 * Which images are in which album, and in which order. An image may be in many. What says that it is in one is kept with the
 * image; the order, with the album.
 */
export interface AlbumImages {
  /**
   * Puts them behind the others in this order, all or none; those that are in it stay where they are. Uploads under way may be
   * put in before they are images, so that they are in it from their first moment. What is neither is left out.
   */
  add(albumId: string, imageIds: readonly string[], limits: AlbumLimits): Promise<AddResult>
  /** Takes them out; harmless for those that are not in it. */
  remove(albumId: string, imageIds: readonly string[]): Promise<void>
  /** Puts one of them behind another one of them, or with null before all; false if either is not in it. */
  move(albumId: string, imageId: string, after: string | null): Promise<boolean>
  /** Live images in order, those behind the place `after`; cost grows with `limit` only. */
  list(albumId: string, page: { limit: number; after?: number }): Promise<AlbumImagePage>
  /** Ids of the albums that an image is in, in no order; those that only hold it are not among them. */
  albumsOf(imageId: string): Promise<string[]>
  /** Takes it out of every album, also out of those that only hold it: call it for what is deleted. Repeating it is harmless. */
  leave(imageId: string): Promise<void>

  /** Keeps it beside the album until somebody decides; of uploads under way too. Of many at once no more than `max` are held. */
  hold(albumId: string, held: Held, limits: { max: number }): Promise<Exclude<AddResult, 'in_too_many'>>
  /** What waits, the longest first. */
  listHeld(albumId: string): Promise<Held[]>
  /** It waits no longer; false if it did not. */
  endHold(albumId: string, imageId: string): Promise<boolean>
}

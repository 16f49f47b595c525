import type { Visibility } from '@imagehost/contract/schemas'
import type { ImagePosition } from './images.ts'

/** Images that belong together. Times are Unix seconds. */
export interface Album {
  id: string
  ownerUid: string
  name: string
  description?: string
  visibility: Visibility
  /** Which of its images stands for it; absent: the first. */
  coverId?: string
  createdAt: number
  /** Images that have a place in it, those in the trash included. */
  places: number
}

export type NewAlbum = Omit<Album, 'places' | 'coverId'>

/** What may be changed; null takes a thing away. */
export interface AlbumChanges {
  name?: string
  description?: string | null
  visibility?: Visibility
  coverId?: string | null
}

export interface AlbumPage {
  items: Album[]
  /** Where the next page begins; absent on the last one. A page may be shorter than asked and still have a next. */
  next?: ImagePosition
}

export interface Albums {
  /** Stores it; false, and nothing is stored, if its owner has `max` of them. Exact under concurrency. */
  create(album: NewAlbum, limits: { max: number }): Promise<boolean>
  /** The album, or undefined: never one that is being deleted. */
  find(id: string): Promise<Album | undefined>
  /**
   * Changes these and leaves the rest as it is by then; a cover that is not in the album is not taken. The album afterwards,
   * or undefined if it is gone.
   */
  update(id: string, changes: AlbumChanges): Promise<Album | undefined>
  /** Of one account, newest first, those after `after`; cost grows with `limit` only. */
  list(ownerUid: string, page: { limit: number; after?: ImagePosition }): Promise<AlbumPage>

  /**
   * Takes it out of sight for everybody; false if there is none. `now` in Unix seconds. Its images stay where else they are.
   */
  beginDelete(id: string, now: number): Promise<boolean>
  /** Forgets what was in it, its grants and its drop links, and then the deletion. Repeating it is harmless. */
  finishDelete(id: string): Promise<void>
  /** Ids of deletions begun before `before` (Unix seconds) and not finished, oldest first. */
  listDeletions(page: { before: number; limit: number }): Promise<string[]>
}

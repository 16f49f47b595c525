import type { GrantRole } from '@imagehost/contract/grants'
import type { ImagePosition } from './images.ts'

export type { GrantRole }

/** What somebody else's account may do in an album. */
export interface Grant {
  albumId: string
  /** Whose it is. */
  uid: string
  role: GrantRole
  /** Unix seconds. */
  createdAt: number
}

export interface GrantPage {
  items: Grant[]
  /** Where the next page begins, by (createdAt, album); absent on the last one. A page may be short and still have a next. */
  next?: ImagePosition
}

export interface Grants {
  /** Gives the role in place of any other. `full` if the album has `max` grants to others, `missing` if there is no such album. */
  put(grant: Grant, limits: { max: number }): Promise<'granted' | 'full' | 'missing'>
  /** Ends it; false if there was none. */
  revoke(albumId: string, uid: string): Promise<boolean>
  /** All of an album, oldest first. */
  list(albumId: string): Promise<Grant[]>
  /** What this account is to the album, in one look; undefined also if the album is gone. */
  roleOf(albumId: string, uid: string): Promise<GrantRole | 'owner' | undefined>
  /** What was granted to an account, newest first, those after `after`; cost grows with `limit` only. */
  listOf(uid: string, page: { limit: number; after?: ImagePosition }): Promise<GrantPage>
}

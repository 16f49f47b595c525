/** The right to make some accounts. Times are Unix seconds. */
export interface Invite {
  id: string
  /** SHA-256 of the code, base64url. */
  hash: string
  note?: string
  /** Accounts that may be made with it, and that were. */
  uses: number
  used: number
  createdAt: number
  expiresAt?: number
}

/** A place in the list, which is ordered by (createdAt, id), newest first. */
export type InvitePosition = Pick<Invite, 'createdAt' | 'id'>

export interface InvitePage {
  items: Invite[]
  /** Where the next page begins; absent on the last one. */
  next?: InvitePosition
}

/** Invites of administrators. */
export interface Invites {
  create(invite: Invite): Promise<void>
  /** Newest first, those after `after`; cost grows with `limit` only. */
  list(page: { limit: number; after?: InvitePosition }): Promise<InvitePage>
  /** The invite whose code has this hash, used up or not, or undefined. */
  find(hash: string): Promise<Invite | undefined>
  /**
   * Takes one use, in one step, and returns the id: however many ask at once, no more than `uses` get one. Undefined if none
   * is left, its time is over or there is no such invite.
   */
  consume(hash: string, now: number): Promise<string | undefined>
  /** Gives a use back of which nothing came; harmless if the invite is gone. */
  giveBack(id: string): Promise<void>
  /** Takes the invite back; false if there is none. */
  delete(id: string): Promise<boolean>
}

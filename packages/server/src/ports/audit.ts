/** One thing that somebody did. Never a secret: no password, no key, no code. */
export interface AuditEntry {
  /** `at-number`: its place in the log. */
  id: string
  /** Unix seconds. */
  at: number
  /** Such as `key.create`. */
  action: string
  /** The uid of who did it, or `operator`; absent where nobody was logged in. */
  actor?: string
  /** What they were called at that time. */
  username?: string
  /** Where it came from: a network address. */
  address?: string
  /** By which key or session. */
  keyId?: string
  /** What it was done to: the id of an account, key, image. */
  target?: string
  /** A few small facts besides. */
  details?: Readonly<Record<string, string | number | boolean>>
}

export interface AuditRange {
  order: 'newest first' | 'oldest first'
  limit: number
  /** The id of the entry after which to go on. */
  after?: string
  /** Unix seconds: not before this. */
  from?: number
  /** Unix seconds: before this. */
  to?: number
}

/** What was done, in the order in which it was done. Nothing changes an entry, and only age removes it. */
export interface Audit {
  /**
   * Adds an entry at the end, each at a place of its own. Times never run backwards: an entry of a server whose clock is
   * behind gets the time of the one before it.
   */
  append(entry: Omit<AuditEntry, 'id'>): Promise<void>
  /** At most `limit` entries of the range; cost grows with those only. Fewer than `limit`: these are the last. */
  list(range: AuditRange): Promise<AuditEntry[]>
  /** Removes entries from before this time (Unix seconds), the oldest first; a long way behind, call it again. */
  trim(before: number): Promise<void>
}

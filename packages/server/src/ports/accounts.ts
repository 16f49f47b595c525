export interface Account {
  uid: string
  /** As its owner typed it; accounts of the Flask project may hold any characters. */
  username: string
  /** argon2id, or the Flask project's scrypt or pbkdf2; absent for throw-away accounts, which cannot log in. */
  passwordHash?: string
  /** Unix seconds. */
  createdAt: number
  /**
   * Keys of the Flask project carry no time, so this cut-off ends them all: set for accounts made here, and by a
   * password change, a revocation or disabling.
   */
  legacyKeysBefore?: number
  /** What its owner has set, by the names of the contract's table; absent: nothing yet. */
  preferences?: Readonly<Record<string, unknown>>
  /** What it may beyond its own things. */
  role?: 'admin'
  /** Unix seconds; while it is set, nobody gets in. */
  disabledAt?: number
  /** Limits of its own, in place of those of the server; absent: none. */
  quota?: AccountQuota
}

/** What an account may hold, as far as it is said; 0: without limit. */
export interface AccountQuota {
  bytes?: number
  images?: number
  /** Uploads begun and not completed. */
  drafts?: number
}

/** What an administrator may change of an account; null takes it away. */
export interface AccountChanges {
  role?: 'admin' | null
  disabledAt?: number | null
  passwordHash?: string
  /** What is left out stays. */
  quota?: { [Part in keyof AccountQuota]?: number | null }
}

/** A place in the list of accounts. */
export interface AccountPosition {
  /** See `sortName`. */
  name: string
  uid: string
}

export interface AccountPage {
  items: Account[]
  /** Where the next page begins; absent on the last one. A page may be shorter than asked and still have a next. */
  next?: AccountPosition
}

/** Who may log in. User names are unique after `nameKey` folding, which the service does; the port compares exactly. */
export interface Accounts {
  /**
   * Atomically takes `nameKey` for this account; false if somebody has it. At most one of many parallel callers wins. With
   * `firstIsAdmin` the account becomes administrator, which ends the setup, if none was ever created before it; those of the
   * Flask project are not counted.
   */
  create(account: Account, nameKey: string, terms?: { firstIsAdmin?: boolean }): Promise<boolean>
  /** The account with this uid, or undefined. */
  find(uid: string): Promise<Account | undefined>
  /** The account that took this exact name key, or undefined (also when its record is gone). */
  findByName(nameKey: string): Promise<Account | undefined>
  /** Replaces the hash if it is still `expected`; false if it changed meanwhile or the account is gone. */
  replacePasswordHash(uid: string, expected: string, next: string): Promise<boolean>
  /** Sets these preferences and takes back those that are null, beside what others set meanwhile; false if the account is gone. */
  setPreferences(uid: string, changes: Readonly<Record<string, unknown>>): Promise<boolean>
  /** Changes these and leaves the rest as it is by then; false if the account is gone. */
  change(uid: string, changes: AccountChanges): Promise<boolean>
  /**
   * Accounts whose `sortName` begins with `prefix`, by (sortName, uid), those after `after`; cost grows with `limit` only.
   * Accounts of the Flask project, which kept no list of them, are in it from when they are first found.
   */
  list(page: { prefix: string; limit: number; after?: AccountPosition }): Promise<AccountPage>
  /** Ends all keys of the Flask project that were given to this account; false if it is gone. */
  endLegacyKeys(uid: string, at: number): Promise<boolean>

  /**
   * Deletes the account and frees the name key that it took; from then on nobody can be it. What it owned is found by its uid, which
   * `listDeletions` keeps until `finishDelete`. False if there was none, unless an earlier deletion is not finished.
   * `now` in Unix seconds.
   */
  beginDelete(uid: string, nameKey: string, now: number): Promise<boolean>
  /** Forgets the deletion: call it when nothing of the account is left. Repeating it is harmless. */
  finishDelete(uid: string): Promise<void>
  /** Uids of deletions begun before `before` (Unix seconds) and not finished, oldest first. */
  listDeletions(page: { before: number; limit: number }): Promise<string[]>
}

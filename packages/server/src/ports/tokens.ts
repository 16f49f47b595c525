import type { Scope } from '@imagehost/contract/scopes'

/** An API key, or the secret of a session cookie, as it is stored: never itself, only the SHA-256 of it. */
export interface Token {
  /** Public name of the key, `k_…`. */
  id: string
  /** SHA-256 of the key, base64url. */
  hash: string
  uid: string
  /** `login` keys are made by each login and limited in number, `personal` ones by hand; `session` is what a cookie holds. */
  kind: 'login' | 'personal' | 'session'
  name?: string
  scopes: readonly Scope[]
  /** Unix seconds. */
  createdAt: number
  /** Unix seconds, exact to a minute. */
  lastUsedAt?: number
  /** Unix seconds; the service compares it with the clock. */
  expiresAt?: number
  /** Of a session: what the browser called itself. */
  userAgent?: string
  /** Of a session: when its owner last gave the password or a one-time code, Unix seconds. */
  confirmedAt?: number
}

interface TokenTerms {
  /** Keys of the account and kind beyond that many are deleted, least recently used (or, unused, created) first, never the new one. */
  keepNewest?: number
  /** Must still be the one of the account: a login under way while the password is changed leaves no key behind. */
  passwordHash?: string
}

/** Keys that open the API. */
export interface Tokens {
  /** Stores a key, in one step with what the terms ask for; false, and nothing is stored, if they do not hold. */
  create(token: Token, terms?: TokenTerms): Promise<boolean>
  /** The key with this hash, or undefined. */
  findByHash(hash: string): Promise<Token | undefined>
  /** Notes the last use; does nothing if the key is gone: a deleted key never comes back to life. */
  touch(hash: string, lastUsedAt: number): Promise<void>
  /** Notes that the owner gave the password or a code; false if the key is gone: a deleted key never comes back to life. */
  confirm(hash: string, confirmedAt: number): Promise<boolean>
  /** All keys of one account, newest first. */
  list(uid: string): Promise<Token[]>
  /** Deletes one key of this account by its id; false if there is none. */
  delete(uid: string, id: string): Promise<boolean>
}

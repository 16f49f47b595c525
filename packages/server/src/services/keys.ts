import { AppError } from '@imagehost/contract/errors'
import { withDefaults } from '@imagehost/contract/preferences'
import { loginScopes, type Scope } from '@imagehost/contract/scopes'
import type { Account, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Token, Tokens } from '../ports/tokens.ts'
import { type Caller, requireScope } from './access.ts'
import { readFlaskKey } from './flask-key.ts'
import { newKeyId } from './ids.ts'
import { createKey, hashKey, isKey } from './key-format.ts'
import { createRecent } from './recent.ts'

/** Each login makes a key; the oldest of this many make room. */
const maxLoginKeys = 50
/** A login key that nobody used for so long is gone. */
const loginKeyIdleSeconds = 90 * 24 * 3600
/** Keys made by hand per account: more than anybody has programs. */
const maxPersonalKeys = 100
/** Last use is written at most this often, so that reading stays reading. */
const touchEverySeconds = 60
/** Callers remembered for a moment: enough for every user of a busy second. */
const recentCallers = 10_000

export type Keys = ReturnType<typeof createKeys>

/** API keys: made, stored as hashes, and told who they belong to. */
export function createKeys(deps: {
  accounts: Accounts
  tokens: Tokens
  clock: Clock
  flaskSecret?: string | undefined
}) {
  const { accounts, tokens, clock, flaskSecret } = deps
  const callers = createRecent<Caller>({ clock, maxEntries: recentCallers })

  /**
   * A new key for this account. The key itself is in no store: it is shown now or never. Throws `auth` if the password
   * changed meanwhile.
   */
  async function issueLoginKey({ uid, passwordHash }: Account): Promise<LoginKey> {
    const key = createKey()
    const createdAt = unixSeconds(clock)
    const token: Token = { id: newKeyId(), hash: hashKey(key), uid, kind: 'login', scopes: loginScopes, createdAt }
    const terms = { keepNewest: maxLoginKeys, ...(passwordHash !== undefined && { passwordHash }) }
    if (!(await tokens.create(token, terms))) throw new AppError('auth')
    return { apiKey: key, keyId: token.id, uid }
  }

  /** The caller's keys, newest first; those of the Flask project are one entry, since they carry no names. */
  async function list(caller: Caller): Promise<ListedKey[]> {
    const own = (await tokens.list(caller.uid)).filter(isApiKey).filter((token) => !isOver(token))
    return [...own, ...((await hasFlaskKeys(caller.uid)) ? [legacyKey] : [])]
  }

  /** A key for a program. Throws `insufficient_scope` if it could do more than the caller, `validation`, `too_many_keys`. */
  async function issue(caller: Caller, request: KeyRequest): Promise<{ token: ApiKey; key: string }> {
    for (const scope of request.scopes) requireScope(caller, scope)
    const createdAt = unixSeconds(clock)
    if (request.expiresAt !== undefined && request.expiresAt <= createdAt) {
      throw new AppError('validation', { message: 'A key ends in the future.', details: { field: 'body.expires_at' } })
    }
    const personal = (await tokens.list(caller.uid)).filter(({ kind }) => kind === 'personal')
    if (personal.length >= maxPersonalKeys) throw new AppError('too_many_keys', { details: { max: maxPersonalKeys } })
    const key = createKey()
    const token: ApiKey = {
      id: newKeyId(),
      hash: hashKey(key),
      uid: caller.uid,
      kind: 'personal',
      createdAt,
      ...request,
    }
    await tokens.create(token)
    return { token, key }
  }

  /** Ends a key: here at once, everywhere within a second. Throws `not_found`. */
  async function revoke(caller: Caller, id: string): Promise<void> {
    if (id === legacyKey.id && (await hasFlaskKeys(caller.uid))) {
      await accounts.endLegacyKeys(caller.uid, unixSeconds(clock))
      return callers.clear()
    }
    const token = (await tokens.list(caller.uid)).find((own) => own.id === id && isApiKey(own))
    if (!token || !(await tokens.delete(caller.uid, id))) throw new AppError('not_found')
    callers.forget(token.hash)
  }

  /**
   * Ends the keys that logins made, but the one that asks, and all of the Flask project: here at once, everywhere within a
   * second.
   */
  async function endLogins({ uid, keyId }: Caller): Promise<void> {
    const ended = (await tokens.list(uid)).filter(({ kind, id }) => kind === 'login' && id !== keyId)
    await Promise.all(ended.map(({ id }) => tokens.delete(uid, id)))
    await accounts.endLegacyKeys(uid, unixSeconds(clock))
    callers.clear()
  }

  /** Ends every key of an account that is gone. */
  async function endAll(uid: string): Promise<void> {
    const ended = (await tokens.list(uid)).filter(isApiKey)
    await Promise.all(ended.map(({ id }) => tokens.delete(uid, id)))
    callers.clear()
  }

  const hasFlaskKeys = async (uid: string): Promise<boolean> =>
    flaskSecret !== undefined && (await accounts.find(uid))?.legacyKeysBefore === undefined

  /** Who holds this key, or undefined if nobody does. Believed for less than a second. */
  function authenticate(key: string): Promise<Caller | undefined> | Caller | undefined {
    if (!isKey(key)) return flaskSecret ? callers.get(key, () => findFlaskCaller(key, flaskSecret)) : undefined
    const hashed = hashKey(key)
    return callers.get(hashed, () => findOwnCaller(hashed))
  }

  async function findOwnCaller(hashed: string): Promise<Caller | undefined> {
    const token = await tokens.findByHash(hashed)
    // What a cookie holds is not accepted as a key: a page that could read it would have to be ours.
    if (!token || !isApiKey(token) || isOver(token)) return undefined
    const account = await accounts.find(token.uid)
    if (!account) return undefined
    await noteUse(token)
    return callerOf(account, token)
  }

  /** Their keys name an account and no time, so the account decides: it must exist, and its cut-off must be open. */
  async function findFlaskCaller(key: string, secret: string): Promise<Caller | undefined> {
    const uid = readFlaskKey(key, secret)
    const account = uid === undefined ? undefined : await accounts.find(uid)
    if (!account || account.legacyKeysBefore !== undefined) return undefined
    return callerOf(account, legacyKey)
  }

  function isOver({ kind, createdAt, lastUsedAt, expiresAt }: Token): boolean {
    const now = unixSeconds(clock)
    const isIdle = kind === 'login' && now - (lastUsedAt ?? createdAt) > loginKeyIdleSeconds
    return isIdle || (expiresAt !== undefined && now >= expiresAt)
  }

  async function noteUse({ hash, lastUsedAt }: Token): Promise<void> {
    const now = unixSeconds(clock)
    if (lastUsedAt !== undefined && now - lastUsedAt < touchEverySeconds) return
    // A store that only reads at the moment, being full or a replica, still opens the door.
    await tokens.touch(hash, now).catch(() => {})
  }

  /** Everybody's next request is answered from the store. */
  const forgetCallers = (): void => callers.clear()

  return { issueLoginKey, authenticate, list, issue, revoke, endLogins, endAll, forgetCallers }
}

export interface LoginKey {
  apiKey: string
  keyId: string
  uid: string
}

interface KeyRequest {
  name: string
  scopes: readonly Scope[]
  /** Unix seconds. */
  expiresAt?: number
}

/** A token that is sent as a key, not in a cookie. */
type ApiKey = Token & { kind: 'login' | 'personal' }

const isApiKey = (token: Token): token is ApiKey => token.kind !== 'session'

export type ListedKey = Pick<ApiKey, 'id' | 'name' | 'scopes' | 'lastUsedAt' | 'expiresAt'> & {
  kind: ApiKey['kind'] | 'legacy'
  createdAt?: number
}

const legacyKey: ListedKey = { id: 'legacy', kind: 'legacy', scopes: loginScopes }

/**
 * What a login may do follows its account's role; a key made by hand keeps to its scopes, and loses `admin` with the role.
 * Undefined for an account that is disabled.
 */
export function callerOf(account: Account, { kind, scopes, id }: Bearer): Caller | undefined {
  if (account.disabledAt !== undefined) return undefined
  const isAdmin = account.role === 'admin'
  const held = scopes.filter((scope) => scope !== 'admin' || isAdmin)
  const { uid, username, preferences, quota } = account
  return {
    uid,
    username,
    scopes: isAdmin && kind !== 'personal' && kind !== 'legacy' ? [...held, 'admin'] : held,
    keyId: id,
    preferences: withDefaults(preferences ?? {}),
    ...(quota && { quota }),
  }
}

/** What somebody comes with. */
type Bearer = Pick<Token, 'scopes' | 'id'> & { kind: Token['kind'] | 'legacy' }

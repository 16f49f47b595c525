import { withDefaults } from '@imagehost/contract/preferences'
import { loginScopes, type Scope } from '@imagehost/contract/scopes'
import type { Account, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Token, Tokens } from '../ports/tokens.ts'
import type { Caller } from './access.ts'
import { readFlaskKey } from './flask-key.ts'
import { newKeyId } from './ids.ts'
import { createKey, hashKey, isKey } from './key-format.ts'
import { createRecent } from './recent.ts'

/** Each login makes a key; the oldest of this many make room. */
const maxLoginKeys = 50
/** A login key that nobody used for so long is gone. */
const loginKeyIdleSeconds = 90 * 24 * 3600
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

  /** A new key for this account. The key itself is in no store: it is shown now or never. */
  async function issueLoginKey(uid: string): Promise<string> {
    const key = createKey()
    const createdAt = unixSeconds(clock)
    const token: Token = { id: newKeyId(), hash: hashKey(key), uid, kind: 'login', scopes: loginScopes, createdAt }
    await tokens.create(token, maxLoginKeys)
    return key
  }

  /** Who holds this key, or undefined if nobody does. Believed for less than a second. */
  function authenticate(key: string): Promise<Caller | undefined> | Caller | undefined {
    if (!isKey(key)) return flaskSecret ? callers.get(key, () => findFlaskCaller(key, flaskSecret)) : undefined
    const hashed = hashKey(key)
    return callers.get(hashed, () => findOwnCaller(hashed))
  }

  async function findOwnCaller(hashed: string): Promise<Caller | undefined> {
    const token = await tokens.findByHash(hashed)
    if (!token || isOver(token)) return undefined
    const account = await accounts.find(token.uid)
    if (!account) return undefined
    await noteUse(token)
    return callerOf(account, token.scopes, token.id)
  }

  /** Their keys name an account and no time, so the account decides: it must exist, and its cut-off must be open. */
  async function findFlaskCaller(key: string, secret: string): Promise<Caller | undefined> {
    const uid = readFlaskKey(key, secret)
    const account = uid === undefined ? undefined : await accounts.find(uid)
    if (!account || account.legacyKeysBefore !== undefined) return undefined
    return callerOf(account, loginScopes, 'legacy')
  }

  function isOver({ kind, createdAt, lastUsedAt, expiresAt }: Token): boolean {
    const now = unixSeconds(clock)
    const isIdle = kind === 'login' && now - (lastUsedAt ?? createdAt) > loginKeyIdleSeconds
    return isIdle || (expiresAt !== undefined && now >= expiresAt)
  }

  async function noteUse({ hash, lastUsedAt }: Token): Promise<void> {
    const now = unixSeconds(clock)
    if (lastUsedAt === undefined || now - lastUsedAt >= touchEverySeconds) await tokens.touch(hash, now)
  }

  return { issueLoginKey, authenticate }
}

const callerOf = ({ uid, username, preferences }: Account, scopes: readonly Scope[], keyId: string): Caller => ({
  uid,
  username,
  scopes,
  keyId,
  preferences: withDefaults(preferences ?? {}),
})

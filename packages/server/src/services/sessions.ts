import { AppError } from '@imagehost/contract/errors'
import { loginScopes } from '@imagehost/contract/scopes'
import type { Account, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Token, Tokens } from '../ports/tokens.ts'
import type { Caller } from './access.ts'
import { newSessionId } from './ids.ts'
import { createKey, hashKey, isKey } from './key-format.ts'
import { callerOf } from './keys.ts'
import { createRecent } from './recent.ts'

/** A browser stays logged in this long without being used, and this long at most. */
const idleSeconds = 30 * 24 * 3600
const lifetimeSeconds = 180 * 24 * 3600
/** Browsers per account; the least recently used one makes room. */
const maxSessions = 50
/** Last use is written at most this often. */
const touchEverySeconds = 60
/** How long the password or a one-time code counts as just given. */
const confirmationSeconds = 600
const recentSessions = 10_000
const maxUserAgent = 200

export type Sessions = ReturnType<typeof createSessions>

/** Logged-in browsers. A session is a key that only a cookie carries. */
export function createSessions({ accounts, tokens, clock }: { accounts: Accounts; tokens: Tokens; clock: Clock }) {
  const callers = createRecent<Caller>({ clock, maxEntries: recentSessions })

  /**
   * A new session for this account, always under a new secret: one that was planted before the login opens nothing. Throws
   * `auth` if the password changed meanwhile.
   */
  async function begin(
    { uid, passwordHash }: Account,
    { secret: former, userAgent }: FormerSession,
  ): Promise<NewSession> {
    if (former !== undefined) await end(former)
    const secret = createKey()
    const now = unixSeconds(clock)
    const token: Token = {
      id: newSessionId(),
      hash: hashKey(secret),
      uid,
      kind: 'session',
      scopes: loginScopes,
      createdAt: now,
      expiresAt: now + lifetimeSeconds,
      confirmedAt: now,
      ...(userAgent && { userAgent: userAgent.slice(0, maxUserAgent) }),
    }
    const terms = { keepNewest: maxSessions, ...(passwordHash !== undefined && { passwordHash }) }
    if (!(await tokens.create(token, terms))) throw new AppError('auth')
    return { id: token.id, secret, maxAgeSeconds: lifetimeSeconds }
  }

  /** Ends the session of this secret; harmless if there is none. */
  async function end(secret: string): Promise<void> {
    const token = await find(secret)
    if (token) await remove(token)
  }

  async function remove({ uid, id, hash }: Token): Promise<boolean> {
    const removed = await tokens.delete(uid, id)
    callers.forget(hash)
    return removed
  }

  async function find(secret: string): Promise<Token | undefined> {
    const token = isKey(secret) ? await tokens.findByHash(hashKey(secret)) : undefined
    return token?.kind === 'session' && !isOver(token) ? token : undefined
  }

  /** Whose session this is, or undefined. Believed for less than a second. */
  function authenticate(secret: string): Promise<Caller | undefined> | Caller | undefined {
    return isKey(secret) ? callers.get(hashKey(secret), () => findCaller(secret)) : undefined
  }

  async function findCaller(secret: string): Promise<Caller | undefined> {
    const token = await find(secret)
    const account = token && (await accounts.find(token.uid))
    const caller = account && callerOf(account, token)
    if (!caller) return undefined
    const now = unixSeconds(clock)
    if (now - (token.lastUsedAt ?? 0) >= touchEverySeconds) await tokens.touch(token.hash, now).catch(() => {})
    return { ...caller, confirmedUntil: (token.confirmedAt ?? 0) + confirmationSeconds }
  }

  function isOver({ createdAt, lastUsedAt = createdAt, expiresAt = 0 }: Token): boolean {
    const now = unixSeconds(clock)
    return now >= expiresAt || now - lastUsedAt > idleSeconds
  }

  /** Notes that the owner was asked again; returns until when that counts. Throws `auth` if the session is gone. */
  async function confirm(secret: string): Promise<number> {
    const now = unixSeconds(clock)
    if (!(await tokens.confirm(hashKey(secret), now))) throw new AppError('auth')
    callers.forget(hashKey(secret))
    return now + confirmationSeconds
  }

  const list = async (caller: Caller): Promise<Token[]> =>
    (await tokens.list(caller.uid)).filter((token) => token.kind === 'session' && !isOver(token))

  /** Throws `not_found` for what is no session of the caller's. */
  async function revoke(caller: Caller, id: string): Promise<void> {
    const token = (await list(caller)).find((own) => own.id === id)
    if (!token || !(await remove(token))) throw new AppError('not_found')
  }

  /** Ends all sessions of the caller but the one that asks. */
  async function endOthers({ uid, keyId }: Caller): Promise<void> {
    const others = (await tokens.list(uid)).filter(({ kind, id }) => kind === 'session' && id !== keyId)
    await Promise.all(others.map(remove))
  }

  /** Ends every session of an account that is gone. */
  async function endAll(uid: string): Promise<void> {
    const ended = (await tokens.list(uid)).filter(({ kind }) => kind === 'session')
    await Promise.all(ended.map(remove))
    callers.clear()
  }

  /** Everybody's next request is answered from the store. */
  const forgetCallers = (): void => callers.clear()

  return { begin, end, authenticate, confirm, list, revoke, endOthers, endAll, forgetCallers }
}

/** What the browser brings to a login. */
interface FormerSession {
  secret: string | undefined
  userAgent: string | undefined
}

interface NewSession {
  id: string
  /** For the cookie; in no store. */
  secret: string
  maxAgeSeconds: number
}

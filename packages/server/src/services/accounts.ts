import { AppError } from '@imagehost/contract/errors'
import type { PreferenceChanges } from '@imagehost/contract/preferences'
import type { Account, Accounts as AccountsPort } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Caller } from './access.ts'
import { newAccountId, randomBase62 } from './ids.ts'
import type { Keys } from './keys.ts'
import { spellingsOf } from './name-spellings.ts'
import { hashPassword, isOutdated, verifyPassword } from './password-hash.ts'
import { checkNewPassword } from './password-rules.ts'
import type { WorkQueue } from './work-queue.ts'

export interface AccountRules {
  registration: 'open' | 'closed'
  passwordMinLength: number
  /** Whether anybody may have a key of a throw-away account. */
  devKeys: boolean
}

export type Accounts = ReturnType<typeof createAccounts>

/** One message for an unknown name and a wrong password: nobody learns which names exist. */
const refusal = { message: 'User name or password is wrong.' }

/** Estimated memory of one argon2id hash, for the queue of hashes. */
const hashBytes = 20 * 1024 * 1024

export function createAccounts(deps: {
  accounts: AccountsPort
  keys: Keys
  /** Hashes run in a queue of their own, so that a flood of logins starves no picture and fills no memory. */
  hashing: WorkQueue
  clock: Clock
  rules: AccountRules
}) {
  const { accounts, keys, hashing, clock, rules } = deps
  const queued = <T>(work: () => Promise<T>) => hashing.run(hashBytes, work)
  let decoy: Promise<string> | undefined

  /** Makes the account and its first key. Throws `registration_closed`, `validation`, `conflict`. */
  async function register(username: string, password: string): Promise<{ username: string; apiKey: string }> {
    if (rules.registration === 'closed') throw new AppError('registration_closed')
    const name = checkNewName(username)
    await checkNewPassword(password, name, rules.passwordMinLength)
    // Accounts of the Flask project kept their letter case, and must not get a twin that differs only in it.
    const spellings = spellingsOf(name).add(username)
    const twins = await Promise.all([...spellings].map((spelling) => accounts.findByName(spelling)))
    if (twins.some((twin) => twin !== undefined)) throw taken(name)
    const passwordHash = await queued(() => hashPassword(password))
    const account = newAccount({ username: name, passwordHash })
    if (!(await accounts.create(account, name))) throw taken(name)
    return { username: name, apiKey: await keys.issueLoginKey(account.uid) }
  }

  /** A new key. Throws `auth`. */
  async function login(username: string, password: string): Promise<{ username: string; apiKey: string }> {
    const account = await checkPassword(username, password)
    // Old records may lack the name that leads to them.
    return { username: account.username || username, apiKey: await keys.issueLoginKey(account.uid) }
  }

  /** The account of this name and password. Throws `auth` with one message and after the same hash work, whatever was wrong. */
  async function checkPassword(username: string, password: string): Promise<Account> {
    const account = (await accounts.findByName(username)) ?? (await accounts.findByName(foldName(username)))
    if (!(await hasPassword(account, password))) throw new AppError('auth', refusal)
    return account!
  }

  /** Throws `forbidden` if it is not the caller's. */
  async function confirmPassword(caller: Caller, password: string): Promise<void> {
    if (await hasPassword(await accounts.find(caller.uid), password)) return
    throw new AppError('forbidden', { message: 'The password is wrong.' })
  }

  async function hasPassword(account: Account | undefined, password: string): Promise<boolean> {
    const stored = account?.passwordHash
    const fits = await queued(async () => verifyPassword(password, stored ?? (await decoyHash())))
    if (!account || !stored || !fits) return false
    if (isOutdated(stored)) {
      await accounts.replacePasswordHash(account.uid, stored, await queued(() => hashPassword(password)))
    }
    return true
  }

  /** A key of a throw-away account, for trying the API. Throws `not_found` where that is not switched on. */
  async function issueDevKey(): Promise<{ uid: string; apiKey: string }> {
    if (!rules.devKeys) throw new AppError('not_found')
    const account = newAccount({ username: `dev-${randomBase62(12).toLowerCase()}` })
    if (!(await accounts.create(account, account.username))) throw taken(account.username)
    return { uid: account.uid, apiKey: await keys.issueLoginKey(account.uid) }
  }

  /** The caller's account as it is now. */
  async function get(caller: Caller): Promise<Account> {
    const account = await accounts.find(caller.uid)
    if (!account) throw new AppError('auth')
    return account
  }

  /** Changes preferences and returns the account; null takes one back to its default. */
  async function setPreferences(caller: Caller, changes: PreferenceChanges): Promise<Account> {
    if (!(await accounts.setPreferences(caller.uid, changes))) throw new AppError('auth')
    return get(caller)
  }

  const newAccount = (facts: Pick<Account, 'username' | 'passwordHash'>): Account => {
    const now = unixSeconds(clock)
    return { uid: newAccountId(), createdAt: now, legacyKeysBefore: now, ...facts }
  }

  /** Verified for unknown names and accounts without a password, so that they take as long as a wrong password. */
  const decoyHash = (): Promise<string> => {
    decoy ??= hashPassword(randomBase62(20))
    return decoy
  }

  return { register, login, checkPassword, confirmPassword, issueDevKey, get, setPreferences }
}

/** NFKC and lower case: `ＡＤＭＩＮ` is `admin`. */
const foldName = (username: string): string => username.normalize('NFKC').trim().toLowerCase()

function checkNewName(username: string): string {
  const name = foldName(username)
  if (/^[a-z0-9._-]{3,32}$/.test(name)) return name
  const rule = '3 to 32 of the letters a to z, digits, dot, dash and underscore'
  throw new AppError('validation', { message: `A user name has ${rule}.`, details: { field: 'username', rule } })
}

const taken = (name: string): AppError => new AppError('conflict', { message: `The name ${name} is taken.` })

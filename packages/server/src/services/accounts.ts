import { setTimeout } from 'node:timers/promises'
import { AppError } from '@imagehost/contract/errors'
import type { PreferenceChanges } from '@imagehost/contract/preferences'
import { foldName } from '../ports/account-order.ts'
import type { Account, Accounts as AccountsPort } from '../ports/accounts.ts'
import type { Caller } from './access.ts'
import type { Keys, LoginKey } from './keys.ts'
import { checkNewPassword } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import type { Sessions } from './sessions.ts'
import type { TwoFactor } from './two-factor.ts'

export type Accounts = ReturnType<typeof createAccounts>

/** What somebody logs in with. */
export interface Login {
  username: string
  password: string
  otp?: string
}

/** A new key, and whose it is. */
export type NamedKey = LoginKey & { username: string }

export function createAccounts(deps: {
  accounts: AccountsPort
  keys: Keys
  sessions: Sessions
  passwords: Passwords
  twoFactor: TwoFactor
  passwordMinLength: number
  /**
   * A failed login takes a whole number of these: the hashes of the Flask project cost more or less than ours, and the
   * difference would tell which names exist. Longer than the dearest of them takes on a common machine.
   */
  failedLoginMs: number
}) {
  const { accounts, keys, sessions, passwords, twoFactor, passwordMinLength, failedLoginMs } = deps

  /** A new key. Throws `auth`, `otp_required`. */
  async function login(given: Login): Promise<NamedKey> {
    const account = await checkLogin(given)
    // Old records may lack the name that leads to them.
    return { username: account.username || given.username, ...(await keys.issueLoginKey(account)) }
  }

  /**
   * Whose login this is, with the password hash that it fits. Throws `auth` with one message, after the same hash work and in
   * the same time, whatever was wrong, and `otp_required` only after the right password: nobody else learns who has two-factor on.
   */
  async function checkLogin(login: Login): Promise<Account> {
    const begun = performance.now()
    try {
      return await admit(login)
    } catch (error) {
      const taken = performance.now() - begun
      await setTimeout(Math.max(1, Math.ceil(taken / failedLoginMs)) * failedLoginMs - taken)
      throw error
    }
  }

  async function admit({ username, password, otp }: Login): Promise<Account> {
    const account = (await accounts.findByName(username)) ?? (await accounts.findByName(foldName(username)))
    const passwordHash = await passwords.verify(account, password)
    const isAdmitted = account && passwordHash && account.disabledAt === undefined
    if (isAdmitted && (await twoFactor.admits(account.uid, otp))) return { ...account, passwordHash }
    // The words depend on what was sent, never on what is stored.
    const parts = otp === undefined ? 'User name or password' : 'User name, password or one-time code'
    throw new AppError('auth', { message: `${parts} is wrong.` })
  }

  /** That it is still the owner: all that is given must be right. Throws `forbidden`. */
  async function confirm(caller: Caller, { password, otp }: { password?: string; otp?: string }): Promise<void> {
    if (password !== undefined) await verifyOwn(caller, password)
    if (otp !== undefined) await twoFactor.confirmCode(caller, otp)
  }

  /**
   * For what a stolen key must not do: a key needs the password with it, a session was confirmed. Throws `forbidden`,
   * `validation`.
   */
  async function confirmOwner(caller: Caller, password: string | undefined): Promise<void> {
    if (password === undefined && caller.confirmedUntil === undefined) {
      const message = 'A key alone may not do this: send the password with it.'
      throw new AppError('validation', { message, details: { field: 'body.password' } })
    }
    await confirm(caller, { ...(password !== undefined && { password }) })
  }

  /** Ends all other logins too. Throws `forbidden` for a wrong password, `validation` for a new one that breaks a rule. */
  async function changePassword(caller: Caller, current: string, next: string): Promise<void> {
    const verified = await verifyOwn(caller, current)
    await checkNewPassword(next, caller.username, passwordMinLength, 'new')
    // Before, so that a failure on the way leaves no login of a thief beside a password that is changed already;
    // afterwards again, for who logged in meanwhile by the old one: later than that nobody can.
    await endOtherLogins(caller)
    if (!(await passwords.replace(caller.uid, verified, next))) {
      throw new AppError('forbidden', { message: 'The password was changed meanwhile.' })
    }
    await endOtherLogins(caller)
  }

  const endOtherLogins = (caller: Caller) => Promise.all([sessions.endOthers(caller), keys.endLogins(caller)])

  /** The stored hash that the caller's password fits. */
  async function verifyOwn(caller: Caller, password: string): Promise<string> {
    const verified = await passwords.verify(await accounts.find(caller.uid), password)
    if (verified === undefined) throw new AppError('forbidden', { message: 'The password is wrong.' })
    return verified
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

  return { login, checkLogin, confirm, confirmOwner, changePassword, get, setPreferences }
}

import { AppError } from '@imagehost/contract/errors'
import type { Account, Accounts } from '../ports/accounts.ts'
import { unixSeconds } from '../ports/clock.ts'
import { randomBase62 } from '../services/ids.ts'
import { spellingsOf } from '../services/name-spellings.ts'
import { hashPassword } from '../services/password-hash.ts'
import type { AdminCommand, AdminDependencies } from './admin-command.ts'

/** 95 bits: nobody guesses it, and its owner sets another one. */
const passwordLength = 16

/** What is done to one account, called by its name. */
export const accountCommands: Readonly<Record<string, AdminCommand>> = {
  grant: onAccount('make an administrator', async ({ accounts, setup }, { uid, username }) => {
    await accounts.change(uid, { role: 'admin' })
    await setup.end()
    return `${username} is an administrator.`
  }),
  revoke: onAccount('make no administrator any more', async ({ accounts }, { uid, username }) => {
    await accounts.change(uid, { role: null })
    return `${username} is no administrator.`
  }),
  disable: onAccount('let in no more: no login, no key, no session', async ({ accounts, clock }, { uid, username }) => {
    const now = unixSeconds(clock)
    await accounts.change(uid, { disabledAt: now })
    await accounts.endLegacyKeys(uid, now)
    return `${username} is disabled; what they own stays.`
  }),
  enable: onAccount('let in again', async ({ accounts }, { uid, username }) => {
    await accounts.change(uid, { disabledAt: null })
    return `${username} may log in again.`
  }),
  'reset-password': onAccount(
    'give a new password, turn two-factor off, and end all keys and sessions',
    async ({ accounts, tokens, twoFactor, clock }, { uid, username }) => {
      const password = randomBase62(passwordLength)
      await accounts.change(uid, { passwordHash: await hashPassword(password) })
      await twoFactor.delete(uid)
      await accounts.endLegacyKeys(uid, unixSeconds(clock))
      for (const { id } of await tokens.list(uid)) await tokens.delete(uid, id)
      return `The new password of ${username}, shown only here: ${password}`
    },
  ),
}

/** A command with a user name; throws `not_found` for an unknown one. */
function onAccount(summary: string, act: (deps: AdminDependencies, account: Account) => Promise<string>): AdminCommand {
  return {
    usage: 'NAME',
    summary,
    run: async (deps, [name]) => {
      if (!name) return undefined
      const account = await findAccount(deps.accounts, name)
      if (!account) throw new AppError('not_found', { message: `Nobody here is called ${name}.` })
      const text = await act(deps, account)
      return { text, changed: { target: account.uid, details: { username: account.username } } }
    },
  }
}

/** By the name as it was typed, else by another spelling of it. */
async function findAccount(accounts: Accounts, name: string): Promise<Account | undefined> {
  const exact = await accounts.findByName(name)
  if (exact) return exact
  for (const spelling of spellingsOf(name.toLowerCase())) {
    const account = await accounts.findByName(spelling)
    if (account) return account
  }
  return undefined
}

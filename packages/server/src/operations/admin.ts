import { AppError } from '@imagehost/contract/errors'
import type { Account, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Setup } from '../ports/setup.ts'
import type { Tokens } from '../ports/tokens.ts'
import type { TwoFactor } from '../ports/two-factor.ts'
import type { Audit } from '../services/audit.ts'
import { randomBase62 } from '../services/ids.ts'
import { spellingsOf } from '../services/name-spellings.ts'
import { hashPassword } from '../services/password-hash.ts'

interface AdminDependencies {
  accounts: Accounts
  tokens: Tokens
  twoFactor: TwoFactor
  /** Where each command is recorded, with the actor `operator`. */
  audit: Pick<Audit, 'record'>
  setup: Setup
  clock: Clock
}

/** 95 bits: nobody guesses it, and its owner sets another one. */
const passwordLength = 16

/**
 * What the operator may do from the shell of the server, who needs no account for it: the first administrator has to come
 * from somewhere, and somebody has lost the password. Each command takes a user name and returns what to tell.
 */
export const adminCommands: Readonly<Record<string, AdminCommand>> = {
  grant: {
    summary: 'make an administrator',
    run: async ({ accounts, setup }, account) => {
      await accounts.change(account.uid, { role: 'admin' })
      await setup.end()
      return `${account.username} is an administrator.`
    },
  },
  revoke: {
    summary: 'make no administrator any more',
    run: async ({ accounts }, account) => {
      await accounts.change(account.uid, { role: null })
      return `${account.username} is no administrator.`
    },
  },
  disable: {
    summary: 'let in no more: no login, no key, no session',
    run: async ({ accounts, clock }, account) => {
      const now = unixSeconds(clock)
      await accounts.change(account.uid, { disabledAt: now })
      await accounts.endLegacyKeys(account.uid, now)
      return `${account.username} is disabled; what they own stays.`
    },
  },
  enable: {
    summary: 'let in again',
    run: async ({ accounts }, account) => {
      await accounts.change(account.uid, { disabledAt: null })
      return `${account.username} may log in again.`
    },
  },
  'reset-password': {
    summary: 'give a new password, turn two-factor off, and end all keys and sessions',
    run: async ({ accounts, tokens, twoFactor, clock }, account) => {
      const password = randomBase62(passwordLength)
      await accounts.change(account.uid, { passwordHash: await hashPassword(password) })
      await twoFactor.delete(account.uid)
      await accounts.endLegacyKeys(account.uid, unixSeconds(clock))
      for (const { id } of await tokens.list(account.uid)) await tokens.delete(account.uid, id)
      return `The new password of ${account.username}, shown only here: ${password}`
    },
  },
}

export interface AdminCommand {
  summary: string
  run(deps: AdminDependencies, account: Account): Promise<string>
}

/** Runs `grant NAME` and the like; throws AppError `validation` for an unknown command, `not_found` for an unknown name. */
export async function administer(
  deps: AdminDependencies,
  [command = '', name = '']: readonly string[],
): Promise<string> {
  const known = Object.hasOwn(adminCommands, command) ? adminCommands[command] : undefined
  if (!known || name === '') throw new AppError('validation', { message: adminUsage() })
  const account = await findAccount(deps.accounts, name)
  if (!account) throw new AppError('not_found', { message: `Nobody here is called ${name}.` })
  const told = await known.run(deps, account)
  const what = { target: account.uid, details: { username: account.username } }
  await deps.audit.record({ action: `operator.${command}`, actor: { uid: 'operator' }, ...what })
  return told
}

export const adminUsage = (): string =>
  [
    'Usage: npm run admin -- COMMAND NAME',
    '',
    ...Object.entries(adminCommands).map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`),
  ].join('\n')

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

import { AppError } from '@imagehost/contract/errors'
import { foldName } from '../ports/account-order.ts'
import type { Account, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { NamedKey } from './accounts.ts'
import { newAccountId, randomBase62 } from './ids.ts'
import type { Invites } from './invites.ts'
import type { Keys, LoginKey } from './keys.ts'
import { spellingsOf } from './name-spellings.ts'
import { checkNewPassword } from './password-rules.ts'
import type { Passwords } from './passwords.ts'
import type { Settings } from './settings.ts'

interface RegistrationRules {
  /**
   * Whether the account that is made first of all, by somebody at this machine, is its administrator's: only where the whole
   * server is on that machine and nobody else reaches it.
   */
  firstIsAdmin: boolean
  passwordMinLength: number
  /** Whether anybody may have a key of a throw-away account. */
  devKeys: boolean
}

/** What somebody registers with. */
interface Applicant {
  username: string
  password: string
  /** Code of an invite. */
  invite?: string
  /** Whether they sit at this machine. */
  isLocal: boolean
}

/** The first key of a new account, and the invite that it was made with. */
type Registered = NamedKey & { inviteId?: string }

export type Registration = ReturnType<typeof createRegistration>

/** New accounts. */
export function createRegistration(deps: {
  accounts: Accounts
  keys: Keys
  passwords: Passwords
  invites: Pick<Invites, 'check' | 'consume' | 'giveBack'>
  settings: Pick<Settings, 'get'>
  clock: Clock
  rules: RegistrationRules
}) {
  const { accounts, keys, passwords, invites, settings, clock, rules } = deps

  /** Makes the account and its first key. Throws `registration_closed`, `invite_invalid`, `validation`, `conflict`. */
  async function register({ username, password, invite, isLocal }: Applicant): Promise<Registered> {
    const neededInvite = await requiredInvite(invite)
    const name = checkNewName(username)
    await checkNewPassword(password, name, rules.passwordMinLength)
    // Accounts of the Flask project kept their letter case, and must not get a twin that differs only in it.
    const spellings = spellingsOf(name).add(username)
    const twins = await Promise.all([...spellings].map((spelling) => accounts.findByName(spelling)))
    if (twins.some((twin) => twin !== undefined)) throw taken(name)
    const account = newAccount({ username: name, passwordHash: await passwords.hash(password) })
    const inviteId = neededInvite === undefined ? undefined : await invites.consume(neededInvite)
    if (!(await accounts.create(account, name, { firstIsAdmin: isLocal && rules.firstIsAdmin }))) {
      if (inviteId !== undefined) await invites.giveBack(inviteId)
      throw taken(name)
    }
    const key = await keys.issueLoginKey(account)
    return { username: name, ...key, ...(inviteId !== undefined && { inviteId }) }
  }

  /**
   * The invite that has to be used up, if one is needed. It is looked at before anything else: whoever has none learns no
   * names from us, and no password is hashed for them.
   */
  async function requiredInvite(invite: string | undefined): Promise<string | undefined> {
    const { registration } = await settings.get()
    if (registration === 'open') return undefined
    if (registration === 'closed') throw new AppError('registration_closed')
    if (invite === undefined) {
      throw new AppError('registration_closed', { message: 'An invite is needed here: send its code as `invite`.' })
    }
    await invites.check(invite)
    return invite
  }

  /** A key of a throw-away account, for trying the API. Throws `not_found` where that is not switched on. */
  async function issueDevKey(): Promise<LoginKey> {
    if (!rules.devKeys) throw new AppError('not_found')
    const account = newAccount({ username: `dev-${randomBase62(12).toLowerCase()}` })
    if (!(await accounts.create(account, account.username))) throw taken(account.username)
    return keys.issueLoginKey(account)
  }

  const newAccount = (facts: Pick<Account, 'username' | 'passwordHash'>): Account => {
    const now = unixSeconds(clock)
    return { uid: newAccountId(), createdAt: now, legacyKeysBefore: now, ...facts }
  }

  return { register, issueDevKey }
}

function checkNewName(username: string): string {
  const name = foldName(username)
  if (/^[a-z0-9._-]{3,32}$/.test(name)) return name
  const rule = '3 to 32 of the letters a to z, digits, dot, dash and underscore'
  throw new AppError('validation', { message: `A user name has ${rule}.`, details: { field: 'username', rule } })
}

const taken = (name: string): AppError => new AppError('conflict', { message: `The name ${name} is taken.` })

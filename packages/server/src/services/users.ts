import { AppError } from '@imagehost/contract/errors'
import type { UserChanges } from '@imagehost/contract/users'
import { sortName } from '../ports/account-order.ts'
import type { Account, AccountChanges, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Caller } from './access.ts'
import { parseAccountCursor, printAccountCursor } from './account-cursor.ts'
import type { AccountDeletion } from './account-deletion.ts'
import type { AccountUsage, Drafts } from './drafts.ts'

const defaultPageSize = 50

export type Users = ReturnType<typeof createUsers>

/** An account, and what it holds. */
export interface User {
  account: Account
  usage: AccountUsage
}

/** Accounts, as administrators see and change them. */
export function createUsers(deps: {
  accounts: Accounts
  drafts: Pick<Drafts, 'usage'>
  deletion: AccountDeletion
  clock: Clock
  /** Everybody's next request is answered from the store. */
  forgetCallers: () => void
}) {
  const { accounts, drafts, deletion, clock, forgetCallers } = deps

  /** A page, by name. Throws `validation` for a cursor that is not ours. */
  async function list({ q = '', limit = defaultPageSize, cursor }: ListRequest): Promise<UserList> {
    const after = cursor === undefined ? undefined : parseAccountCursor(cursor)
    const { items, next } = await accounts.list({ prefix: sortName(q), limit, ...(after && { after }) })
    return { items: await Promise.all(items.map(withUsage)), ...(next && { nextCursor: printAccountCursor(next) }) }
  }

  /** Throws `not_found`. */
  async function get(uid: string): Promise<User> {
    const account = await accounts.find(uid)
    if (!account) throw new AppError('not_found')
    return withUsage(account)
  }

  /**
   * Changes what is named: here at once, everywhere within a second. Throws `not_found`, and `forbidden` for what would leave
   * the caller no administrator: so a server keeps one, unless two take it from each other in one moment.
   */
  async function update(caller: Caller, uid: string, { role, disabled, quota }: UserChanges): Promise<User> {
    if (uid === caller.uid && (role === 'user' || disabled)) {
      throw new AppError('forbidden', { message: 'Nobody takes it from themselves: ask another administrator.' })
    }
    const now = unixSeconds(clock)
    const changes: AccountChanges = {
      ...(role !== undefined && { role: role === 'admin' ? role : null }),
      ...(disabled !== undefined && { disabledAt: disabled ? now : null }),
      ...(quota && { quota }),
    }
    if (!(await accounts.change(uid, changes))) throw new AppError('not_found')
    // Those keys carry no time: enabling the account must not bring back what somebody else may hold by then.
    if (disabled) await accounts.endLegacyKeys(uid, now)
    forgetCallers()
    return get(uid)
  }

  /** Deletes it with all that it owns. Throws `not_found`, and `forbidden` for the caller's own account. */
  async function remove(caller: Caller, uid: string): Promise<void> {
    if (uid === caller.uid)
      throw new AppError('forbidden', { message: 'To delete your own account, ask for just that.' })
    if (!(await deletion.remove(uid))) throw new AppError('not_found')
    forgetCallers()
  }

  const withUsage = async (account: Account): Promise<User> => ({ account, usage: await drafts.usage(account) })

  return { list, get, update, remove }
}

interface ListRequest {
  /** What the name begins with, in any case. */
  q?: string | undefined
  limit?: number | undefined
  cursor?: string | undefined
}

interface UserList {
  items: User[]
  nextCursor?: string
}

import { AppError } from '@imagehost/contract/errors'
import { foldName } from '../ports/account-order.ts'
import type { Account, Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Grant, GrantRole, Grants as GrantsPort } from '../ports/grants.ts'
import type { Caller } from './access.ts'
import type { AlbumAccess } from './album-access.ts'
import type { Albums } from './albums.ts'

/** Accounts that one album may be granted to: a club, listed in one answer. */
const maxGrants = 100

export type Grants = ReturnType<typeof createGrants>

/** A grant with the name of the account that has it. */
export interface NamedGrant extends Grant {
  username: string
}

/** What accounts of others may do in an album. */
export function createGrants(deps: {
  grants: GrantsPort
  albums: Pick<Albums, 'require'>
  accounts: Pick<Accounts, 'find' | 'findByName'>
  access: AlbumAccess
  clock: Clock
}) {
  const { grants, albums, accounts, access, clock } = deps

  /** Throws `not_found`, `forbidden`. */
  async function list(caller: Caller, albumId: string): Promise<NamedGrant[]> {
    await albums.require(caller, albumId, 'own')
    const held = await grants.list(albumId)
    const named = await Promise.all(
      held.map(async (grant) => {
        const account = await accounts.find(grant.uid)
        return account ? [{ ...grant, username: account.username }] : []
      }),
    )
    return named.flat()
  }

  /** Gives the role in place of any other. Throws `not_found`, `forbidden`, `too_many_grants`, `validation`. */
  async function put(caller: Caller, albumId: string, username: string, role: GrantRole): Promise<NamedGrant> {
    await albums.require(caller, albumId, 'own')
    const account = await named(username)
    if (account.uid === caller.uid) {
      const message = 'The album is yours already.'
      throw new AppError('validation', { message, details: { field: 'params.username' } })
    }
    const grant = { albumId, uid: account.uid, role, createdAt: unixSeconds(clock) }
    const outcome = await grants.put(grant, { max: maxGrants })
    access.forgetRoles()
    if (outcome === 'full') throw new AppError('too_many_grants', { details: { max: maxGrants } })
    if (outcome === 'missing') throw new AppError('not_found')
    return { ...grant, username: account.username }
  }

  /**
   * Takes it back: here at once, everywhere within a second. For the owner of the album, and for whoever has it. Throws
   * `not_found`, `forbidden`.
   */
  async function revoke(caller: Caller, albumId: string, username: string): Promise<void> {
    const account = await find(username)
    if (account?.uid !== caller.uid || (await grants.roleOf(albumId, caller.uid)) === undefined)
      await albums.require(caller, albumId, 'own')
    const wasGranted = account !== undefined && (await grants.revoke(albumId, account.uid))
    access.forgetRoles()
    if (!wasGranted) throw new AppError('not_found', { message: 'Nothing is granted to this account.' })
  }

  /** Ends all that was granted to an account that is gone. */
  async function endAll(uid: string): Promise<void> {
    for (;;) {
      const { items } = await grants.listOf(uid, { limit: 100 })
      if (items.length === 0) return
      await Promise.all(items.map(({ albumId }) => grants.revoke(albumId, uid)))
    }
  }

  /** As at a login: the name as it is, then folded. */
  const find = async (username: string): Promise<Account | undefined> =>
    (await accounts.findByName(username)) ?? (await accounts.findByName(foldName(username)))

  async function named(username: string): Promise<Account> {
    const account = await find(username)
    if (account) return account
    const message = 'There is no account of this name.'
    throw new AppError('not_found', { message, details: { field: 'params.username' } })
  }

  return { list, put, revoke, endAll }
}

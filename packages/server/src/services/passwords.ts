import type { Account, Accounts } from '../ports/accounts.ts'
import { randomBase62 } from './ids.ts'
import { hashPassword, isOutdated, verifyPassword } from './password-hash.ts'
import type { WorkQueue } from './work-queue.ts'

/** Estimated memory of one argon2id hash, for the queue of hashes. */
const hashBytes = 20 * 1024 * 1024

export type Passwords = ReturnType<typeof createPasswords>

/** Passwords are hashed in a queue of their own, so that a flood of logins starves no picture and fills no memory. */
export function createPasswords({ accounts, hashing }: { accounts: Accounts; hashing: WorkQueue }) {
  const queued = <T>(work: () => Promise<T>) => hashing.run(hashBytes, work)
  let decoy: Promise<string> | undefined

  const hash = (password: string): Promise<string> => queued(() => hashPassword(password))

  /** The stored hash that the password fits, renewed if it was outdated; undefined if it fits none. As dear whatever is wrong. */
  async function verify(account: Account | undefined, password: string): Promise<string | undefined> {
    const stored = account?.passwordHash
    const fits = await queued(async () => verifyPassword(password, stored ?? (await decoyHash())))
    if (!account || !stored || !fits) return undefined
    if (!isOutdated(stored)) return stored
    const renewed = await hash(password)
    if (await accounts.replacePasswordHash(account.uid, stored, renewed)) return renewed
    // Another login renewed it in this moment, or its owner changed it: what counts is the one that is there now.
    return verify(await accounts.find(account.uid), password)
  }

  /** Whether a password fits this hash. */
  const fits = (stored: string, password: string): Promise<boolean> => queued(() => verifyPassword(password, stored))

  /** Puts a new password in the place of the one that was verified; false if somebody was faster. */
  const replace = async (uid: string, verified: string, password: string): Promise<boolean> =>
    accounts.replacePasswordHash(uid, verified, await hash(password))

  /** Verified for unknown names and accounts without a password, so that they take as long as a wrong password. */
  const decoyHash = (): Promise<string> => {
    decoy ??= hashPassword(randomBase62(20))
    return decoy
  }

  return { hash, verify, fits, replace }
}

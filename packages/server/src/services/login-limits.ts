import { hash } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import { limits } from '@imagehost/contract/limits'
import { foldName } from '../ports/account-order.ts'
import type { Clock } from '../ports/clock.ts'
import type { Allowance, Limiter } from '../ports/limiter.ts'
import { networkOf } from './network.ts'

/** How long an address counts as one of the owner's after a login from there. */
const mark: Allowance = { limit: 1, windowSeconds: 90 * 24 * 3600 }

export type LoginLimits = ReturnType<typeof createLoginLimits>

/**
 * Against guessing one account's password from many addresses, where a limit per address sees nothing. All strangers
 * together have one small allowance per name, so an attack is slowed to a crawl, and never ends in a lock that anybody
 * could put on somebody else's account. An address from which the account was opened before has an allowance of its own,
 * so that the owner comes in while the botnet waits. Only failures count, and names that don't exist count alike.
 */
export function createLoginLimits(deps: {
  limiter: Limiter
  clock: Clock
  limit: number
  /** Told of each login that was refused as wrong. */
  onFailure: (username: string, address: string) => void
}) {
  const { limiter, clock, limit, onFailure } = deps
  const allowance: Allowance = { limit, windowSeconds: limits.login.windowSeconds }

  /** Runs an attempt at the password of this name. Throws `rate_limited`, and whatever the attempt throws. */
  async function guard<T>(username: string, address: string, attempt: () => Promise<T>): Promise<T> {
    if (limit === 0) return watched(username, address, attempt)
    // Hashed, since what is typed there may be of any length, or a password by mistake.
    const name = hash('sha256', foldName(username), 'base64url')
    const place = `${name}:${networkOf(address)}`
    const isKnown = (await take(`known:${place}`, mark, 0)).remaining === 0
    const account = isKnown ? `name:${place}` : `name:${name}`
    // Taken before and given back afterwards: parallel guesses would all pass a look.
    const { allowed, retryAfterSeconds } = await take(account, allowance, 1)
    if (!allowed) {
      throw new AppError('rate_limited', { message: 'Too many failed logins with this name.', retryAfterSeconds })
    }
    const result = await watched(username, address, attempt).catch(async (error) => {
      // The password was right and the code is still to come: half of a login, not a guess.
      if (error instanceof AppError && error.code === 'otp_required') await take(account, allowance, -1)
      throw error
    })
    await Promise.all([take(account, allowance, -1), take(`known:${place}`, mark, 1)])
    return result
  }

  const watched = <T>(username: string, address: string, attempt: () => Promise<T>): Promise<T> =>
    attempt().catch((error) => {
      if (error instanceof AppError && error.code === 'auth') onFailure(username, address)
      throw error
    })

  const take = (name: string, of: Allowance, cost: number) => limiter.take(name, { ...of, now: clock.now(), cost })

  return { guard }
}

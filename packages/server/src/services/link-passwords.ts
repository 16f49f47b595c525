import { AppError } from '@imagehost/contract/errors'
import { limits } from '@imagehost/contract/limits'
import type { Clock } from '../ports/clock.ts'
import type { Limiter } from '../ports/limiter.ts'
import { networkOf } from './network.ts'
import type { Passwords } from './passwords.ts'

export type LinkPasswords = ReturnType<typeof createLinkPasswords>

/** A link that may ask for a password. */
interface GuardedLink {
  slug: string
  passwordHash?: string
}

/**
 * Passwords of links that are given away. Guesses are counted for each link and network: whoever is slowed down by that is
 * who guesses, and nobody can shut a link for others.
 */
export function createLinkPasswords(deps: {
  passwords: Pick<Passwords, 'hash' | 'fits'>
  limiter: Limiter
  clock: Clock
  /** Wrong ones in ten minutes; 0: without limit. */
  limit: number
}) {
  const { passwords, limiter, clock, limit } = deps
  const { windowSeconds } = limits.login

  /** Throws `password_needed`, `password_wrong`, `rate_limited`. */
  async function check({ slug, passwordHash }: GuardedLink, given: string | undefined, address: string): Promise<void> {
    if (passwordHash === undefined) return
    if (!given) throw new AppError('password_needed')
    const take = (cost: number) =>
      limiter.take(`link:${slug}:${networkOf(address)}`, { limit, windowSeconds, now: clock.now(), cost })
    // Taken before and given back afterwards: parallel guesses would all pass a look.
    if (limit > 0) {
      const { allowed, retryAfterSeconds } = await take(1)
      const message = 'Too many wrong passwords for this link.'
      if (!allowed) throw new AppError('rate_limited', { message, retryAfterSeconds })
    }
    if (!(await passwords.fits(passwordHash, given))) throw new AppError('password_wrong')
    if (limit > 0) await take(-1)
  }

  return { check, hash: passwords.hash }
}

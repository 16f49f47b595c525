import { type Limit, limits } from '@imagehost/contract/limits'
import type { Clock } from '../ports/clock.ts'
import type { Limiter, Taken } from '../ports/limiter.ts'
import { createLocalLimiter } from './local-limiter.ts'
import { networkOf } from './network.ts'

/** Who asks: an account where it is known, else where they come from. */
interface Visitor {
  uid?: string | undefined
  address: string
}

export interface Reading extends Taken {
  readonly limit: number
}

export type RateLimits = ReturnType<typeof createRateLimits>

/** How often each kind of thing may be done; 0 is without limit. */
export function createRateLimits(deps: { limiter: Limiter; clock: Clock; numbers: Readonly<Record<Limit, number>> }) {
  const { limiter, clock, numbers } = deps
  const takeLocally = createLocalLimiter()

  const isLimited = (kind: Limit): boolean => numbers[kind] > 0

  /** Without waiting for what each server counts for itself. */
  function take(kind: Limit, { uid, address }: Visitor): Promise<Reading> | Reading {
    const limit = numbers[kind]
    const name = `${kind}:${uid ?? networkOf(address)}`
    const withdrawal = { limit, windowSeconds: limits[kind].windowSeconds, now: clock.now() }
    if ('isLocal' in limits[kind]) return { ...takeLocally(name, withdrawal), limit }
    return limiter.take(name, withdrawal).then((taken) => ({ ...taken, limit }))
  }

  return { isLimited, take }
}

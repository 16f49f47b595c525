import type { Taken, Withdrawal } from './limiter.ts'

/**
 * The generic cell rate algorithm (ITU-T I.371): of each name only the moment is kept at which its allowance is whole
 * again. Taking moves that moment into the future by the time in which so much comes back, and is refused where it would
 * be further away than a whole allowance takes. Times are whole microseconds, which a double holds exactly until 2255.
 */
interface Measure {
  now: number
  /** In which one unit comes back. */
  interval: number
  /** In which what is asked for comes back. */
  price: number
  /** In which all of it comes back. */
  burst: number
}

export function measure({ limit, windowSeconds, now, cost = 1 }: Withdrawal): Measure {
  const interval = Math.max(1, Math.floor((windowSeconds * 1e6) / limit))
  return { now: now * 1000, interval, price: cost * interval, burst: limit * interval }
}

/** Takes what is asked for, or nothing, where the allowance is whole at `wholeAt`; `fullAt` is the moment to keep. */
export function withdraw(wholeAt: number, { now, price, burst }: Measure): { allowed: boolean; fullAt: number } {
  const before = Math.max(now, wholeAt)
  const allowed = before + price <= now + burst
  return { allowed, fullAt: allowed ? before + price : before }
}

/** The answer of the port, from the moment that is kept after the attempt. */
export function tell(allowed: boolean, fullAt: number, { now, interval, price, burst }: Measure): Taken {
  const owed = Math.max(0, fullAt - now)
  return {
    allowed,
    remaining: Math.max(0, Math.floor((burst - owed) / interval)),
    resetSeconds: Math.ceil(owed / 1e6),
    retryAfterSeconds: allowed ? 0 : Math.max(1, Math.ceil((owed + price - burst) / 1e6)),
  }
}

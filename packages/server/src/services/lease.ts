import type { Clock } from '../ports/clock.ts'
import type { Claim, Uploads } from '../ports/uploads.ts'

/** Longest that a dead worker keeps others from completing its upload. */
const leaseMs = 10_000
/** Three chances to renew before the lease ends. */
const renewEveryMs = 3_000

export const leaseUntil = (clock: Clock): number => clock.now() + leaseMs

/**
 * Runs `work` under a claim that is renewed meanwhile. The lease only keeps others waiting; what keeps a paused worker
 * from overwriting the winner is the fence that `commit` checks.
 */
export async function underLease<T>(
  deps: { uploads: Uploads; clock: Clock },
  claim: Claim,
  work: () => Promise<T>,
): Promise<T> {
  const timer = setInterval(() => {
    // A renewal that fails is repeated by the next tick, and a lost claim is found by `commit`.
    deps.uploads.renew(claim, leaseUntil(deps.clock)).catch(() => {})
  }, renewEveryMs)
  try {
    return await work()
  } finally {
    clearInterval(timer)
  }
}

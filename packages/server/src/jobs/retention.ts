import type { Audit } from '../ports/audit.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Reports } from '../ports/reports.ts'
import type { Chore } from './sweeper.ts'

/** Removes what was kept long enough: as many days as the operator says, and nothing where that is 0. */
export function createRetention(deps: { audit: Audit; reports: Reports; days: number; clock: Clock }): Chore {
  const { audit, reports, days, clock } = deps
  const run = async () => {
    if (days === 0) return
    const before = unixSeconds(clock) - days * 86_400
    await audit.trim(before)
    await reports.trim(before)
  }
  return { id: 'retention', run }
}

import type { Audit } from '../ports/audit.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Chore } from './sweeper.ts'

/** Removes what was kept long enough: as many days as the operator says, and nothing where that is 0. */
export function createRetention({ audit, days, clock }: { audit: Audit; days: number; clock: Clock }): Chore {
  return {
    id: 'retention',
    run: async () => {
      if (days > 0) await audit.trim(unixSeconds(clock) - days * 86_400)
    },
  }
}

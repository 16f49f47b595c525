import { createHmac } from 'node:crypto'
import { withDefaults } from '@imagehost/contract/preferences'
import { type Caller, guestKeyId } from './access.ts'
import { networkOf } from './network.ts'

interface GuestRules {
  /** How long their pictures live at most, and unless they ask for less. */
  expiresInSeconds: number
  /** What one network may hold. */
  quota: { bytes: number; images: number; drafts: number }
}

export type Guests = ReturnType<typeof createGuests>

/**
 * People who upload without an account, where the operator allows it. What they hold is counted by where they come from: by
 * a pseudonym of their network, which only this server can compute, so that no address is stored.
 */
export function createGuests({ current }: { current: Buffer }, rules: GuestRules) {
  const { expiresInSeconds, quota } = rules
  const preferences = withDefaults({})

  /** Whoever asks from this address. */
  const at = (address: string): Caller => ({
    uid: `anon_${createHmac('sha256', current).update(networkOf(address)).digest('hex').slice(0, 24)}`,
    username: '',
    scopes: ['upload'],
    keyId: guestKeyId,
    preferences,
    quota,
    expiry: { defaultSeconds: expiresInSeconds, maxSeconds: expiresInSeconds },
  })

  return { at }
}

import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Share } from '../ports/shares.ts'
import type { Signature } from './transform-signing.ts'

/** How long somebody who has opened a share looks at it, and may look again, for one view. */
const grantSeconds = 600

export type ShareGrants = ReturnType<typeof createShareGrants>

/**
 * What somebody has who has opened a share: an HMAC over the share, what it is for, its password and an end. It is worth nothing
 * without the share, which is looked at again at each use.
 */
export function createShareGrants(deps: {
  clock: Clock
  /** Signs, and verifies. */
  current: Buffer
  /** Only verify. */
  previous: readonly Buffer[]
}) {
  const { clock, current, previous } = deps

  const endOf = ({ expiresAt = Infinity }: Share): number => Math.min(unixSeconds(clock) + grantSeconds, expiresAt)

  /** `id`: that of the image or album that it is for. `exp`: that of another grant, where one was there before. */
  function sign(share: Share, id: string, exp = endOf(share)): Signature {
    return { sig: mac(current, share, id, exp).toString('base64url'), exp }
  }

  /** Whether we gave it, however long ago, and for the share as it is now. */
  function isGenuine(share: Share, id: string, { sig, exp }: Signature): boolean {
    const given = Buffer.from(sig)
    return [current, ...previous].some((key) => {
      const expected = Buffer.from(mac(key, share, id, exp).toString('base64url'))
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
  }

  return { sign, isGenuine }
}

/** The first line keeps this use of the key apart from any other; with another password every grant before it ends. */
const mac = (key: Buffer, { slug, passwordHash }: Share, id: string, exp: number): Buffer =>
  createHmac('sha256', key)
    .update(`imagehost share\n${slug}\n${id}\n${passwordHash ?? ''}\n${exp}`)
    .digest()

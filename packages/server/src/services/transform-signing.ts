import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import { type Clock, unixSeconds } from '../ports/clock.ts'

/** What an address says about who let its holder have this. */
export interface Signature {
  sig: string
  /** Unix seconds. */
  exp: number
}

export type TransformSigning = ReturnType<typeof createTransformSigning>

/**
 * Lets whoever holds an address have one transform of one image until it expires. The HMAC covers all three, so that none of
 * them can be exchanged; and the transform as it is said canonically, so that it may be written in another order.
 */
export function createTransformSigning({
  current,
  previous,
  clock,
}: {
  current: Buffer
  previous: readonly Buffer[]
  clock: Clock
}) {
  const keys = [current, ...previous]

  return {
    sign: (id: string, transform: string, expiresInSeconds: number): Signature => {
      const exp = unixSeconds(clock) + expiresInSeconds
      return { sig: mac(current, id, transform, exp).toString('base64url'), exp }
    },

    /** Throws `signature_invalid`, or `signature_expired` for a genuine one: nobody learns from it what there is. */
    check(id: string, transform: string, { sig, exp }: Signature): void {
      const given = Buffer.from(sig)
      const isGenuine = keys.some((key) => {
        const expected = Buffer.from(mac(key, id, transform, exp).toString('base64url'))
        return given.length === expected.length && timingSafeEqual(given, expected)
      })
      if (!isGenuine) throw new AppError('signature_invalid')
      if (exp <= unixSeconds(clock)) throw new AppError('signature_expired')
    },
  }
}

/** The first line keeps this use of the key apart from any other; none of the parts can hold a line end. */
const mac = (key: Buffer, id: string, transform: string, exp: number): Buffer =>
  createHmac('sha256', key).update(`imagehost transform\n${id}\n${transform}\n${exp}`).digest()

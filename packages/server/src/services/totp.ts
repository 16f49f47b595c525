import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { decodeBase32, encodeBase32 } from './base32.ts'

/** RFC 6238 with the parameters that every authenticator app knows: SHA-1, 6 digits, steps of 30 seconds. */
const digits = 6
const stepSeconds = 30
/** RFC 6238 section 5.2: one step to either side, for clocks that differ and codes that were typed slowly. */
const window = [-1, 0, 1] as const
/** RFC 4226 section 4, R6: 160 bits. */
const secretBytes = 20

/** A new shared secret, in base32. */
export const createTotpSecret = (): string => encodeBase32(randomBytes(secretBytes))

/** Number of the time step at this moment. */
export const stepAt = (unixSeconds: number): number => Math.floor(unixSeconds / stepSeconds)

/** The code of this time step (RFC 4226 section 5.3). */
export function totpCode(secret: Uint8Array, step: number): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac('sha1', secret).update(counter).digest()
  const truncated = mac.readUInt32BE(mac.at(-1)! & 15) & 0x7fffffff
  return String(truncated % 10 ** digits).padStart(digits, '0')
}

/** The latest time step near this moment that the code belongs to, or undefined. Takes as long whichever it is. */
export function matchingStep(secret: string, code: string, unixSeconds: number): number | undefined {
  const key = decodeBase32(secret)
  const given = Buffer.from(code)
  if (!key || given.length !== digits) return undefined
  const steps = window.map((offset) => stepAt(unixSeconds) + offset)
  // All of them are computed and compared before one is chosen.
  return steps.filter((step) => timingSafeEqual(Buffer.from(totpCode(key, step)), given)).at(-1)
}

/**
 * What a QR code for authenticator apps holds, in the Key URI Format of Google Authenticator. A colon separates issuer and
 * name there, even as %3A, so neither may have one.
 */
export function otpauthUri({ secret, issuer, name }: { secret: string; issuer: string; name: string }): string {
  const [site, account] = [issuer, name].map((text) => encodeURIComponent(text.replaceAll(':', '_')))
  const parameters = `secret=${secret}&issuer=${site}&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`
  return `otpauth://totp/${site}:${account}?${parameters}`
}

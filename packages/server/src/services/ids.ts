import { randomFillSync } from 'node:crypto'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

/** `length` characters of base62, each equally likely: 16 of them are 95 bits, not to be guessed, still short. */
export function randomBase62(length: number): string {
  let text = ''
  while (text.length < length) {
    const byte = randomByte()
    // 248 is the largest multiple of 62 in a byte; taking the rest would favour the first letters.
    if (byte < 248) text += alphabet[byte % 62]
  }
  return text
}

/** Fetched together, since a call for sixteen bytes costs more than half of one for a thousand. */
const randomByte = createRandomBytes(1024)

function createRandomBytes(atOnce: number): () => number {
  const bytes = new Uint8Array(atOnce)
  let used = atOnce
  return () => {
    if (used === atOnce) randomFillSync(bytes)
    used %= atOnce
    return bytes[used++]!
  }
}

const idLength = 16
export const newImageId = (): string => `img_${randomBase62(idLength)}`
export const newAccountId = (): string => `u_${randomBase62(idLength)}`
export const newInviteId = (): string => `inv_${randomBase62(idLength)}`
export const newSessionId = (): string => `s_${randomBase62(idLength)}`
export const newReportId = (): string => `r_${randomBase62(idLength)}`
export const newKeyId = (): string => `k_${randomBase62(idLength)}`
export const newAlbumId = (): string => `alb_${randomBase62(idLength)}`
/** Of a link that is given away: whoever knows it may use it. */
export const newSlug = (): string => randomBase62(idLength)

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** AES-256-GCM with the nonce and tag of NIST SP 800-38D: 96 random bits are safe for 2^32 texts under one key. */
const algorithm = 'aes-256-gcm'
const nonceLength = 12
const authTagLength = 16

export type Sealing = ReturnType<typeof createSealing>

/**
 * Texts that the store must keep but not read: who steals the database learns nothing without the server's secret. Each
 * is bound to its place, so that who can write the database cannot move one to another account.
 */
export function createSealing({ current, previous }: { current: Buffer; previous: readonly Buffer[] }) {
  function seal(text: string, place: string): string {
    const nonce = randomBytes(nonceLength)
    const cipher = createCipheriv(algorithm, current, nonce, { authTagLength }).setAAD(Buffer.from(place))
    const sealed = Buffer.concat([cipher.update(text), cipher.final()])
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** The text, and whether the present key sealed it; undefined if no key of ours did, for this place. */
  function open(sealed: string, place: string): { text: string; isCurrent: boolean } | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    if (bytes.length < nonceLength + authTagLength) return undefined
    for (const key of [current, ...previous]) {
      const text = openWith(key, bytes, place)
      if (text !== undefined) return { text, isCurrent: key === current }
    }
    return undefined
  }

  return { seal, open }
}

function openWith(key: Buffer, bytes: Buffer, place: string): string | undefined {
  const textStart = nonceLength + authTagLength
  const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceLength), { authTagLength })
    .setAAD(Buffer.from(place))
    .setAuthTag(bytes.subarray(nonceLength, textStart))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(textStart)), decipher.final()]).toString()
  } catch {
    return undefined
  }
}

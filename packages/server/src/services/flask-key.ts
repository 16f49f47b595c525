import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { inflateSync } from 'node:zlib'

/** Longest key that is looked at: theirs are under 100 characters. */
const maxLength = 1024

/**
 * The uid in an API key of the Flask project, or undefined if the key is not one that `secret` signed.
 * Their format: `URLSafeSerializer(secret, salt="api-key").dumps({"uid": uid})` of itsdangerous 2.x, that is
 * base64url(JSON), zlib-compressed where that is shorter (leading dot), then `.` and HMAC-SHA1 with the key
 * SHA-1(salt + "signer" + secret), called `django-concat` there.
 */
export function readFlaskKey(key: string, secret: string): string | undefined {
  const dot = key.lastIndexOf('.')
  if (key.length > maxLength || dot < 1 || !/^\.?[\w-]+\.[\w-]+$/.test(key)) return undefined
  const payload = key.slice(0, dot)
  const signingKey = createHash('sha1').update(`api-keysigner${secret}`).digest()
  const expected = createHmac('sha1', signingKey).update(payload).digest()
  const given = Buffer.from(key.slice(dot + 1), 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  return readUid(payload)
}

/** Only called on what the secret has signed; the bound on the output stops a bomb that the secret's owner could make. */
function readUid(payload: string): string | undefined {
  try {
    const bytes = payload.startsWith('.')
      ? inflateSync(Buffer.from(payload.slice(1), 'base64url'), { maxOutputLength: 65_536 })
      : Buffer.from(payload, 'base64url')
    const value: unknown = JSON.parse(bytes.toString())
    const uid = typeof value === 'object' && value !== null && 'uid' in value ? value.uid : undefined
    return typeof uid === 'string' && uid !== '' ? uid : undefined
  } catch {
    return undefined
  }
}

import { argon2, pbkdf2, randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

/** OWASP Password Storage Cheat Sheet: argon2id with 19 MiB, 2 passes, 1 lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 }
const tagLength = 32

const argon2Async = promisify(argon2)
const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
)
const pbkdf2Async = promisify(pbkdf2)

/** PHC string of argon2id. Runs on libuv's threads, not on ours. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await argon2Async('argon2id', { ...cost, message: password, nonce, tagLength })
  const { memory, passes, parallelism } = cost
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${base64(nonce)}$${base64(tag)}`
}

/**
 * Whether the password fits: argon2id of ours, `scrypt:N:r:p$…` and `pbkdf2:sha256:N$…` of Werkzeug. False for anything
 * else, above all for one that was cut off: of no bytes at all, every password would be the right one.
 */
export async function verifyPassword(password: string, hash: string): Promise<boolean> {
  const stored = parseHash(hash)
  if (!stored) return false
  const found = await stored.derive(password)
  return found.length === stored.expected.length && timingSafeEqual(found, stored.expected)
}

/** Whether a hash that has just verified should be replaced by a new one of the present cost. */
export const isOutdated = (hash: string): boolean =>
  !hash.startsWith(`$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$`)

interface StoredHash {
  expected: Buffer
  derive(password: string): Promise<Buffer>
}

function parseHash(hash: string): StoredHash | undefined {
  return parseArgon2(hash) ?? parseScrypt(hash) ?? parsePbkdf2(hash)
}

function parseArgon2(hash: string): StoredHash | undefined {
  const match = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([\w+/]{22,})\$([\w+/]{22,})$/.exec(hash)
  if (!match) return undefined
  const [memory, passes, parallelism] = match.slice(1, 4).map(Number) as [number, number, number]
  const nonce = Buffer.from(match[4]!, 'base64')
  const expected = Buffer.from(match[5]!, 'base64')
  return {
    expected,
    derive: (message) =>
      argon2Async('argon2id', { memory, passes, parallelism, message, nonce, tagLength: expected.length }),
  }
}

/** Werkzeug 3's default, 32768:8:1, needs 32 MiB and a little: Node's own bound is exactly 32 MiB and refuses it. */
const scryptMemory = 128 * 1024 * 1024

function parseScrypt(hash: string): StoredHash | undefined {
  const match = /^scrypt:([1-9]\d{0,6}):([1-9]\d?):([1-9]\d?)\$([^$]+)\$((?:[0-9a-f]{2}){16,64})$/.exec(hash)
  if (!match) return undefined
  const [N, r, p] = match.slice(1, 4).map(Number) as [number, number, number]
  // RFC 7914 section 2: N is a power of 2 above 1.
  const isPower = N > 1 && Number.isInteger(Math.log2(N))
  if (!isPower || 128 * N * r > scryptMemory / 2) return undefined
  const expected = Buffer.from(match[5]!, 'hex')
  const salt = Buffer.from(match[4]!)
  return {
    expected,
    derive: (password) => scryptAsync(password, salt, expected.length, { N, r, p, maxmem: scryptMemory }),
  }
}

function parsePbkdf2(hash: string): StoredHash | undefined {
  const match = /^pbkdf2:(sha256|sha512|sha1):([1-9]\d{0,7})\$([^$]+)\$((?:[0-9a-f]{2}){16,64})$/.exec(hash)
  if (!match) return undefined
  const [, digest, iterations, salt, hex] = match as unknown as [string, string, string, string, string]
  const expected = Buffer.from(hex, 'hex')
  return { expected, derive: (password) => pbkdf2Async(password, salt, Number(iterations), expected.length, digest) }
}

/** PHC strings carry base64 without padding. */
const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '')

import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import type { BlobStore } from './blob-store.ts'

/** A key that nobody has. */
export const newKey = (): string => `law/${randomUUID()}/blob.png`

/** Puts random bytes there and gives them back. */
export async function store(blobs: BlobStore, key: string, size = 1_000): Promise<Buffer> {
  const bytes = randomBytes(size)
  assert.equal(await blobs.put(key, bytes, { contentType: 'image/png', size }), true)
  return bytes
}

/** A key where something is. */
export async function stored(blobs: BlobStore): Promise<string> {
  const key = newKey()
  await store(blobs, key)
  return key
}

/** As a socket would bring them. */
export function inPieces(bytes: Buffer): Readable {
  const pieces = Array.from({ length: Math.ceil(bytes.length / 65_536) }, (_, index) =>
    bytes.subarray(index * 65_536, (index + 1) * 65_536),
  )
  return Readable.from(pieces, { objectMode: false })
}

/** Half of 500,000 bytes, then an error. */
export function breaking(): Readable {
  async function* half() {
    yield Buffer.alloc(250_000)
    throw new Error('the client left')
  }
  return Readable.from(half(), { objectMode: false })
}

/** Names that a client of the Flask project could have chosen; all of them only look dangerous. */
export const oddNames = [
  'My Holiday.JPG',
  'Grüße.png',
  '写真 1.png',
  '🦊',
  'a?b#c&d=e',
  'a%2e%2e%2fb',
  "it's (1)!*+,;@$",
  '-rf',
  'a..b',
]

/** What must never reach a path or an address. */
export const hostileKeys = [
  '',
  '/',
  '/etc/passwd',
  '.',
  '..',
  '../secret',
  'a/../../secret',
  'a/./b',
  'a//b',
  'a/',
  '.tmp/x',
  'a/.hidden',
  'a\\..\\b',
  'a\0.png',
  'a\n',
  'a\r',
  'a\u007f',
  '\ud800.png',
  'ü'.repeat(128),
  'a'.repeat(256),
  `${'a/'.repeat(600)}a`,
]

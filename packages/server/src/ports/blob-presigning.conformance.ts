import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { newKey, store } from './blob-samples.conformance.ts'
import type { BlobStore } from './blob-store.ts'
import type { Law } from './law.ts'

export interface BlobStoreSubject {
  /** Its presigned addresses must be reachable, and its clock right. */
  blobs: BlobStore
  /** The same store with a clock that is two hours behind: what it presigns for an hour has expired. */
  twoHoursAgo: BlobStore
}

/** The part of the law about addresses that open one blob, for a time, to whoever has them. */
export const presigningLaw: Law<BlobStoreSubject> = {
  async 'takes bytes at a presigned address, with nothing but the headers it names'({ blobs }) {
    for (const size of [undefined, 100_000]) {
      const key = newKey()
      const bytes = randomBytes(100_000)
      const before = Math.floor(Date.now() / 1000)
      const options = { contentType: 'image/png', expiresInSeconds: 3600, ...(size && { size }) }
      const { url, headers, expiresAt } = await blobs.presignPut(key, options)
      assert.ok(expiresAt >= before + 3600 && expiresAt <= before + 4000)
      const answer = await fetch(url, { method: 'PUT', headers, body: bytes })
      assert.equal(answer.status, 200, await answer.text())
      assert.ok(answer.headers.get('etag'))
      assert.ok(bytes.equals((await blobs.read(key, bytes.length))!))
    }
  },

  async 'takes other bytes at a presigned address than it was signed for, never'({ blobs, twoHoursAgo }) {
    const key = newKey()
    const options = { contentType: 'image/png', size: 10, expiresInSeconds: 3600 }
    const { url, headers } = await blobs.presignPut(key, options)
    const tenBytes = Buffer.alloc(10)
    const expired = await twoHoursAgo.presignPut(key, options)
    const attempts: Record<string, [string, RequestInit]> = {
      'another type': [url, { headers: { 'content-type': 'text/html' }, body: tenBytes }],
      'no type': [url, { headers: {}, body: tenBytes }],
      'a byte more': [url, { headers, body: Buffer.alloc(11) }],
      'a byte less': [url, { headers, body: Buffer.alloc(9) }],
      'another key': [url.replace(key, `${key}x`), { headers, body: tenBytes }],
      'another signature': [withOtherSignature(url), { headers, body: tenBytes }],
      'no signature': [url.replace(/&[^&]*signature=.*/i, ''), { headers, body: tenBytes }],
      'no query': [url.replace(/\?.*/, ''), { headers, body: tenBytes }],
      'a longer life': [url.replace(/(expires=\d+)/i, '$10'), { headers, body: tenBytes }],
      'after its end': [expired.url, { headers: expired.headers, body: tenBytes }],
    }
    for (const [attempt, [address, init]] of Object.entries(attempts)) {
      const answer = await fetch(address, { method: 'PUT', ...init })
      assert.ok([400, 403].includes(answer.status), `${attempt}: ${answer.status}`)
      assert.match(await answer.text(), /<Code>\w+<\/Code>/, attempt)
      assert.equal(await blobs.stat(key), undefined, attempt)
    }
    assert.equal((await fetch(url)).status, 403, 'an address to write at is none to read at')
  },

  async 'gives bytes at a presigned address, as the type and under the name that it pins'({ blobs }) {
    const key = newKey()
    const bytes = await store(blobs, key, 100_000)
    const url = await blobs.presignGet(key, {
      expiresInSeconds: 3600,
      contentType: 'image/webp',
      contentDisposition: `attachment; filename="it's (1)*.webp"; filename*=UTF-8''%C3%BC.webp`,
    })
    const answer = await fetch(url)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), 'image/webp')
    assert.equal(
      answer.headers.get('content-disposition'),
      `attachment; filename="it's (1)*.webp"; filename*=UTF-8''%C3%BC.webp`,
    )
    assert.equal(answer.headers.get('content-length'), '100000')
    assert.ok(answer.headers.get('etag'))
    assert.ok(bytes.equals(Buffer.from(await answer.arrayBuffer())))

    const part = await fetch(url, { headers: { range: 'bytes=10-19' } })
    assert.equal(part.status, 206)
    assert.equal(part.headers.get('content-range'), 'bytes 10-19/100000')
    assert.ok(bytes.subarray(10, 20).equals(Buffer.from(await part.arrayBuffer())))

    const beyond = await fetch(url, { headers: { range: 'bytes=100000-' } })
    assert.equal(beyond.status, 416)
    assert.ok((await beyond.arrayBuffer()).byteLength < 1_000, 'not the whole body')
  },

  async 'gives bytes at a presigned address that was altered or has ended, never'({ blobs, twoHoursAgo }) {
    const [key, other] = [newKey(), newKey()]
    await store(blobs, key)
    await store(blobs, other)
    const options = { expiresInSeconds: 3600, contentType: 'image/png' }
    const url = await blobs.presignGet(key, options)
    const attempts: Record<string, string> = {
      'another key': url.replace(key, other),
      'another type': url.replace('image%2Fpng', 'text%2Fhtml'),
      'a further parameter': url.replace('?', '?response-content-language=fr&'),
      'another signature': withOtherSignature(url),
      'no signature': url.replace(/&[^&]*signature=.*/i, ''),
      'no query': url.replace(/\?.*/, ''),
      'after its end': await twoHoursAgo.presignGet(key, options),
      'after its exact end': await twoHoursAgo.presignGet(key, { ...options, expiresInSeconds: 300 }),
    }
    for (const [attempt, address] of Object.entries(attempts)) {
      assert.equal((await fetch(address)).status, 403, attempt)
    }
    assert.equal((await fetch(url, { method: 'PUT', body: 'x' })).status, 403, 'an address to read at')
    const missing = await fetch(await blobs.presignGet(newKey(), options))
    assert.ok([403, 404].includes(missing.status), 'nothing there; 403 where we may not list')
  },

  async 'lets no control character of a pinned header through'({ blobs }) {
    const key = newKey()
    await store(blobs, key)
    const url = await blobs.presignGet(key, {
      expiresInSeconds: 60,
      contentType: 'image/png\r\nx-evil: 1',
      contentDisposition: 'inline; filename="a\r\nset-cookie: b\u0000"',
    })
    const answer = await fetch(url)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('x-evil'), null)
    assert.equal(answer.headers.get('set-cookie'), null)
    assert.equal(answer.headers.get('content-disposition'), 'inline; filename="aset-cookie: b"')
  },

  async 'repeats the address of an hour for caches'({ blobs }) {
    const options = { expiresInSeconds: 3600, contentType: 'image/png' }
    const key = newKey()
    const addresses = await Promise.all(Array.from({ length: 3 }, () => blobs.presignGet(key, options)))
    // The rounded clock may tick over in between, once.
    assert.ok(new Set(addresses).size <= 2)
  },
}

const withOtherSignature = (url: string): string =>
  url.replace(/(signature=.)(.)/i, (_, before: string, digit: string) => before + (digit === '0' ? '1' : '0'))

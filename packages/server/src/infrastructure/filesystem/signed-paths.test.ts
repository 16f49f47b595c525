import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { BlobsUnavailable } from '../../ports/blob-store.ts'
import { systemClock } from '../../ports/clock.ts'
import { createPathSigner } from './path-signer.ts'
import { createSignedPaths } from './signed-paths.ts'
import { startTestStore } from './start-test-store.ts'

let house: Awaited<ReturnType<typeof startTestStore>>
beforeAll(async () => {
  house = await startTestStore({ maxBytes: 1_000 })
})
afterAll(() => house.stop())

const anHour = { contentType: 'image/png', expiresInSeconds: 3600 }

const put = async (key: string, bytes: Buffer<ArrayBuffer>) => {
  const { url, headers } = await house.blobs.presignPut(key, anHour)
  return fetch(url, { method: 'PUT', headers, body: bytes })
}

it('refuses a body without a length as S3 does', async () => {
  const { url, headers } = await house.blobs.presignPut('s/a.png', anHour)
  const chunked = { method: 'PUT', headers, body: new Blob(['x']).stream(), duplex: 'half' }
  const answer = await fetch(url, chunked)
  expect(answer.status).toBe(411)
  expect(await answer.text()).toContain('<Code>MissingContentLength</Code>')
  expect(await house.blobs.stat('s/a.png')).toBeUndefined()
})

it('refuses more than the limit where no size is bound', async () => {
  const answer = await put('s/b.png', Buffer.alloc(1_001))
  expect(answer.status).toBe(400)
  expect(await answer.text()).toContain('<Code>EntityTooLarge</Code>')
  expect((await put('s/b.png', Buffer.alloc(1_000))).status).toBe(200)
})

it('names what is wrong in the words of S3', async () => {
  const { url, headers } = await house.blobs.presignPut('s/c.png', { ...anHour, size: 5 })
  const code = async (address: string, init: RequestInit) => {
    const answer = await fetch(address, init)
    expect(answer.headers.get('content-type')).toBe('application/xml')
    return `${answer.status} ${/<Code>(\w+)/.exec(await answer.text())?.[1]}`
  }
  expect(await code(url, { method: 'PUT', headers, body: 'longer' })).toBe('403 SignatureDoesNotMatch')
  expect(await code(url, { method: 'PUT', body: 'right' })).toBe('403 SignatureDoesNotMatch')
  expect(await code(url.replace(/\?.*/, ''), { method: 'PUT', headers, body: 'right' })).toBe('403 AccessDenied')
  expect(await code(await house.blobs.presignGet('s/none.png', anHour), {})).toBe('404 NoSuchKey')
})

it('leaves nothing of an upload whose client goes away in the middle', async () => {
  const { url, headers } = await house.blobs.presignPut('s/d.png', anHour)
  const socket = connect(house.port, '127.0.0.1')
  await once(socket, 'connect')
  const { pathname, search } = new URL(url)
  socket.write(
    `PUT ${pathname}${search} HTTP/1.1\r\nhost: x\r\ncontent-type: ${headers['content-type']}\r\ncontent-length: 900\r\n\r\n`,
  )
  socket.write(Buffer.alloc(500))
  const temporaryFiles = () => readdir(join(house.directory, '.tmp'))
  while ((await temporaryFiles()).length === 0) await setImmediate()
  socket.destroy()
  while ((await temporaryFiles()).length > 0) await setImmediate()
  expect(await house.blobs.stat('s/d.png')).toBeUndefined()
})

it('tells who cannot be served now when to come again', async () => {
  const full = () => Promise.reject(new BlobsUnavailable('The disk refuses'))
  const signer = createPathSigner({ ...house.keys, clock: systemClock })
  const files = { ...house.blobs, put: full, stat: async () => undefined }
  house.serveWith(createSignedPaths({ signer, files, maxBytes: 1_000, clock: systemClock }))
  const answer = await put('s/full.png', Buffer.alloc(1))
  expect(answer.status).toBe(503)
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
  house.serveWith(house.blobs.signedPaths)
})

it('ends an address to the second, and a longer-lived one within five minutes', async () => {
  let now = Date.UTC(2026, 0, 1, 0, 1)
  const store = await house.openStore({ clock: { now: () => now } })
  house.serveWith(store.signedPaths)
  await house.blobs.put('s/e.png', Buffer.from('x'), { contentType: 'image/png', size: 1 })
  const short = await store.presignGet('s/e.png', { contentType: 'image/png', expiresInSeconds: 120 })
  const long = await store.presignGet('s/e.png', { contentType: 'image/png', expiresInSeconds: 3600 })
  const statusAfter = async (address: string, seconds: number) => {
    now = Date.UTC(2026, 0, 1, 0, 1) + seconds * 1000
    const answer = await fetch(address)
    await answer.arrayBuffer()
    return answer.status
  }
  expect(await statusAfter(short, 119)).toBe(200)
  expect(await statusAfter(short, 120)).toBe(403)
  expect(await statusAfter(long, 3_600)).toBe(200)
  expect(await statusAfter(long, 3_900)).toBe(403)
  house.serveWith(house.blobs.signedPaths)
})

it('still takes what a previous key signed, and nothing of an unknown one', async () => {
  const { url, headers } = await house.blobs.presignPut('s/f.png', anHour)
  const rotated = await house.openStore({
    signingKey: Buffer.from('new'),
    previousSigningKeys: [Buffer.from('older'), Buffer.from('a key for tests')],
  })
  house.serveWith(rotated.signedPaths)
  expect((await fetch(url, { method: 'PUT', headers, body: 'x' })).status).toBe(200)
  const forgetful = await house.openStore({ signingKey: Buffer.from('new') })
  house.serveWith(forgetful.signedPaths)
  expect((await fetch(url, { method: 'PUT', headers, body: 'x' })).status).toBe(403)
  house.serveWith(house.blobs.signedPaths)
})

it('sends bytes that a browser can only look at', async () => {
  const bytes = randomBytes(500)
  const stored = await put('s/g.png', bytes)
  const answer = await fetch(await house.blobs.presignGet('s/g.png', anHour))
  expect(answer.headers.get('etag')).toBe(stored.headers.get('etag'))
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
  expect(answer.headers.get('cache-control')).toMatch(/^private, max-age=\d+$/)
  expect(Buffer.from(await answer.arrayBuffer())).toEqual(bytes)
})

it('answers HEAD with the headers of GET and no body', async () => {
  await put('s/h.png', Buffer.alloc(7))
  const url = await house.blobs.presignGet('s/h.png', anHour)
  const answer = await fetch(url, { method: 'HEAD' })
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-length')).toBe('7')
  expect((await fetch(url.replace('h.png', 'i.png'), { method: 'HEAD' })).status).toBe(403)
})

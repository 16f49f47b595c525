import { hash } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../../server/src/testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../../server/src/testing/start-test-app.ts'
import { type ClientOptions, createClient } from './node.ts'
import type { Progress } from './upload.ts'

let app: TestApp
let user: TestUser
let baseUrl: string
let folder: string

beforeAll(async () => {
  app = await startTestApp({ PUBLIC_URL: '', MAX_UPLOAD_BYTES: '2000000' })
  await app.server.listen({ port: 0, host: '127.0.0.1' })
  baseUrl = `http://127.0.0.1:${(app.server.server.address() as AddressInfo).port}`
  user = await app.user()
  folder = await mkdtemp(path.join(tmpdir(), 'sdk-'))
})
afterAll(async () => {
  await app.stop()
  await rm(folder, { recursive: true })
})

/** Over real sockets, with what was asked for written down. */
function clientOf(options: Partial<ClientOptions> = {}) {
  const requests: string[] = []
  const fetch: typeof globalThis.fetch = (input, init) => {
    requests.push(
      `${init?.method ?? 'GET'} ${new URL(String(input)).pathname.replace(/(storage|upload)\/(?!request|complete).*/, '$1')}`,
    )
    return (options.fetch ?? globalThis.fetch)(input, init)
  }
  const client = createClient({ baseUrl, apiKey: user.apiKey, wait: async () => {}, ...options, fetch })
  return { client, requests }
}

const straight = ['POST /api/v1/upload/request', 'PUT /storage', 'POST /api/v1/upload/complete']
const givenUp = 'DELETE /api/v1/upload'
const isPut = (init?: RequestInit) => init?.method === 'PUT'

describe('what can be uploaded', () => {
  test('a file by its path goes straight to the storage, under its name', async () => {
    const file = path.join(folder, 'Katze.JPG')
    const bytes = await pictures.jpegWithGps({ seed: 1 })
    await writeFile(file, bytes)
    const { client, requests } = clientOf()
    const image = await client.upload(file, { title: 'Felix', visibility: 'private', tags: 'cat, pet' })
    expect(requests).toEqual(straight)
    expect(image).toMatchObject({
      original_filename: 'Katze.JPG',
      mime: 'image/jpeg',
      source_sha256: hash('sha256', bytes),
      title: 'Felix',
      visibility: 'private',
      tags: ['cat', 'pet'],
    })
  })

  test('bytes, a File and a stream', async () => {
    const { client } = clientOf()
    const bytes = await pictures.png({ seed: 2 })
    const sent = hash('sha256', bytes)
    const stream = new Blob([new Uint8Array(bytes)]).stream()
    const file = new File([new Uint8Array(bytes)], 'of a page.png')
    expect(await client.upload(new Uint8Array(bytes))).toMatchObject({ source_sha256: sent, mime: 'image/png' })
    expect(await client.upload(file)).toMatchObject({ source_sha256: sent, original_filename: 'of a page.png' })
    expect(await client.upload(stream, { filename: 's.png' })).toMatchObject({ source_sha256: sent, filename: 's.png' })
  })

  test('an address, which the server fetches itself, and refuses where it is not public', async () => {
    const { client, requests } = clientOf()
    await expect(client.upload('http://127.0.0.1/a.png')).rejects.toMatchObject({ code: 'import_refused' })
    expect(requests).toEqual(['POST /api/v1/upload'])
  })

  test('nothing is no picture, and what is none is refused by the server in its words', async () => {
    const { client } = clientOf()
    await expect(client.upload(new Uint8Array())).rejects.toMatchObject({ code: 'validation' })
    await expect(client.upload(Buffer.from('<svg/>'))).rejects.toMatchObject({ code: 'unsupported_type', status: 415 })
    await expect(client.upload(Buffer.alloc(2_000_001))).rejects.toMatchObject({
      code: 'too_large',
      details: { max: 2_000_000 },
      requestId: expect.any(String),
    })
    await expect(client.upload(path.join(folder, 'absent.png'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('on the way', () => {
  test('progress runs from nothing to everything, then the bytes are checked', async () => {
    const { client } = clientOf()
    const seen: Progress[] = []
    // What comes after the end of a JPEG is dropped on arrival.
    const bytes = Buffer.concat([await pictures.jpeg({ seed: 3 }), Buffer.alloc(1_000_000)])
    await client.upload(new Uint8Array(bytes), { onProgress: (progress) => seen.push(progress) })
    expect(seen[0]).toEqual({ stage: 'sending', sentBytes: 0, totalBytes: bytes.length })
    expect(seen.at(-1)).toEqual({ stage: 'checking', sentBytes: bytes.length, totalBytes: bytes.length })
    expect(seen.length).toBeGreaterThan(3)
    const sent = seen.map(({ sentBytes }) => sentBytes)
    expect(sent).toEqual(sent.toSorted((a, b) => a - b))
  })

  test('whoever aborts gets their own reason, and what was begun is given up', async () => {
    const aborting = new AbortController()
    const { client, requests } = clientOf()
    const reason = new Error('I have changed my mind.')
    const upload = client.upload(await pictures.png({ seed: 4 }), {
      signal: aborting.signal,
      onProgress: ({ sentBytes }) => sentBytes > 0 && aborting.abort(reason),
    })
    await expect(upload).rejects.toBe(reason)
    expect(requests).toEqual([straight[0], straight[1], givenUp])
  })

  test('a storage that is out of reach is gone around, after some tries', async () => {
    const { client, requests } = clientOf({
      retries: 1,
      fetch: (input, init) => (isPut(init) ? Promise.reject(new TypeError('fetch failed')) : fetch(input, init)),
    })
    const image = await client.upload(await pictures.png({ seed: 5 }), { filename: 'around.png', title: 'Around' })
    expect(image).toMatchObject({ filename: 'around.png', title: 'Around' })
    expect(requests).toEqual([straight[0], straight[1], straight[1], givenUp, 'POST /api/v1/upload'])
  })

  test('a storage that refuses the signature is gone around at once', async () => {
    const { client, requests } = clientOf({
      fetch: async (input, init) => (isPut(init) ? new Response('<Error/>', { status: 403 }) : fetch(input, init)),
    })
    await client.upload(await pictures.png({ seed: 6 }))
    expect(requests).toEqual([straight[0], straight[1], givenUp, 'POST /api/v1/upload'])
  })

  test('in one request, the same picture is found again', async () => {
    const { client, requests } = clientOf()
    const bytes = await pictures.png({ seed: 7 })
    const first = await client.upload(bytes, { direct: false })
    expect(await client.upload(bytes, { direct: false })).toMatchObject({ id: first.id, duplicate: true })
    expect(requests).toEqual(['POST /api/v1/upload', 'POST /api/v1/upload'])
  })

  test('an answer that was lost on the way is asked for again, and nothing is made twice', async () => {
    let lost = 0
    const { client } = clientOf({
      fetch: async (input, init) => {
        const response = await fetch(input, init)
        if (!String(input).endsWith('/upload?filename=once.png') || lost++ > 0) return response
        throw new TypeError('fetch failed')
      },
    })
    const bytes = await pictures.png({ seed: 8 })
    const image = await client.upload(bytes, { direct: false, filename: 'once.png', allow_duplicate: true })
    const { items } = await client.images.list({ query: { limit: 200 } })
    expect(items.filter(({ source_sha256 }) => source_sha256 === image.source_sha256)).toHaveLength(1)
  })
})

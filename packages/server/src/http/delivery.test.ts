import { hash } from 'node:crypto'
import type { Image } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let user: TestUser
let small: Image
let large: Image
beforeAll(async () => {
  app = await startTestApp()
  user = await app.user()
  small = await uploadPicture(app, user, await pictures.jpeg({ seed: 1 }), { filename: 'Grüße "x".jpg' })
  large = await uploadPicture(app, user, await pictures.png({ width: 900, height: 700, bits: 16, seed: 2 }))
  expect(large.size).toBeGreaterThan(1024 * 1024)
})
afterAll(() => app.stop())

const get = async (address: string, headers: Record<string, string> = {}, method = 'GET') => {
  const response = await app.fetch(address, { method, headers })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

describe.each([
  ['a small image, from memory', () => small],
  ['a large image, streamed', () => large],
])('%s', (_, image) => {
  test('has its exact type, length, ETag and the headers that make it harmless', async () => {
    const { status, headers, bytes } = await get(image().url)
    expect(status).toBe(200)
    expect(hash('sha256', bytes)).toBe(image().sha256)
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': image().mime,
      'content-length': String(image().size),
      etag: `"${image().sha256}"`,
      'accept-ranges': 'bytes',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining('sandbox'),
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'private, no-cache',
    })
  })

  test('HEAD is the same without the bytes', async () => {
    const head = await get(image().url, {}, 'HEAD')
    const whole = await get(image().url)
    expect(head.bytes).toHaveLength(0)
    for (const name of ['content-length', 'content-type', 'etag'])
      expect(head.headers.get(name)).toBe(whole.headers.get(name))
  })

  test('304 for what the client has already', async () => {
    for (const tag of [`"${image().sha256}"`, `W/"${image().sha256}", "x"`, '*']) {
      const { status, bytes } = await get(image().url, { 'if-none-match': tag })
      expect({ status, length: bytes.length }).toEqual({ status: 304, length: 0 })
    }
    expect((await get(image().url, { 'if-none-match': '"other"' })).status).toBe(200)
  })

  test.each([
    ['bytes=0-9', 0, 10],
    ['bytes=10-', 10, undefined],
    ['bytes=-7', -7, undefined],
  ])('206 for %s', async (range, from, to) => {
    const { bytes: whole } = await get(image().url)
    const { status, headers, bytes } = await get(image().url, { range })
    expect(status).toBe(206)
    expect(bytes.equals(whole.subarray(from, to))).toBe(true)
    expect(headers.get('content-range')).toMatch(new RegExp(`/${whole.length}$`))
    expect(headers.get('content-length')).toBe(String(bytes.length))
  })

  test('416 without any of the bytes for a range behind the end', async () => {
    const { status, headers, bytes } = await get(image().url, { range: `bytes=${image().size}-` })
    expect(status).toBe(416)
    expect(headers.get('content-range')).toBe(`bytes */${image().size}`)
    expect(JSON.parse(bytes.toString())).toMatchObject({ error: { code: 'range_not_satisfiable' } })
  })

  test('the whole for several ranges, and for a part of something else', async () => {
    expect((await get(image().url, { range: 'bytes=0-1,5-6' })).status).toBe(200)
    expect((await get(image().url, { range: 'bytes=0-1', 'if-range': '"old"' })).status).toBe(200)
    expect((await get(image().url, { range: 'bytes=0-1', 'if-range': `"${image().sha256}"` })).status).toBe(206)
  })
})

test('any extension or none leads to the same bytes with our type', async () => {
  for (const ending of ['', '.png', '.html', '.svg']) {
    const { status, headers } = await get(`http://images.test/i/${small.id}${ending}`)
    expect({ ending, status, type: headers.get('content-type') }).toEqual({ ending, status: 200, type: 'image/jpeg' })
  }
})

test('a download carries the name that its owner knows', async () => {
  const { headers } = await get(`${small.url}?download`)
  expect(headers.get('content-disposition')).toBe(
    'attachment; filename="Grue _x_.jpg"; filename*=UTF-8\'\'Gr%C3%BC%C3%9Fe%20%22x%22.jpg'
      .replace('Grue', 'Gru')
      .replace('Gru ', 'Grue '),
  )
})

test('a private image is 404 to everybody else, like one that never was, and is kept by no cache', async () => {
  const image = await uploadPicture(app, user, await pictures.gif({ seed: 3 }), { visibility: 'private' })
  const stranger = await app.user()
  expect((await get(image.url)).status).toBe(404)
  expect((await get(image.url, { 'x-api-key': stranger.apiKey })).status).toBe(404)
  const own = await get(image.url, { 'x-api-key': user.apiKey })
  expect({ status: own.status, cache: own.headers.get('cache-control') }).toEqual({
    status: 200,
    cache: 'private, no-store',
  })
})

test('views count whole reads and first ranges, not HEAD, 304 or the rest of a download', async () => {
  const image = await uploadPicture(app, user, await pictures.gif({ seed: 4 }))
  await get(image.url)
  await get(image.url, { range: 'bytes=0-9' })
  await get(image.url, { range: 'bytes=10-19' })
  await get(image.url, {}, 'HEAD')
  await get(image.url, { 'if-none-match': `"${image.sha256}"` })
  await app.views.flush()
  expect((await app.metadata.images.find(image.id))?.views).toBe(2)
})

test('an image is kept in memory from its second reading on, however many others are read once', async () => {
  const [image, other] = [await upload(5), await upload(6)]
  for (const { url } of [image, image, other]) await get(url)
  for (const { key } of [image, other]) await app.blobs.delete(key)
  expect((await get(image.url)).status).toBe(200)
  expect((await get(other.url)).status).toBe(404)

  async function upload(seed: number) {
    return uploadPicture(app, user, await pictures.gif({ seed }))
  }
})

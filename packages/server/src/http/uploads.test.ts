import { hash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { notPictures } from '../testing/hostile-pictures.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let user: TestUser

beforeAll(async () => {
  app = await startTestApp({ MAX_UPLOAD_BYTES: '1000000', MAX_UPLOAD_FILES: '3' })
  user = await app.user()
})
afterAll(() => app.stop())

const put = (url: string, bytes: Buffer, type = 'image/png') =>
  app.fetch(url, { method: 'PUT', body: new Uint8Array(bytes), headers: { 'content-type': type } })

const filesIn = (folder: string): string[] => {
  const directory = path.join(app.directory, folder)
  if (!existsSync(directory)) return []
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true })
  return entries.flatMap((entry) => (entry.isFile() ? [entry.name] : []))
}

describe('a direct upload', () => {
  test('request, PUT, complete: the image is there, and nothing is left in staging', async () => {
    const bytes = await pictures.jpegWithGps({ seed: 10 })
    const { presigned_url, iid, key, filename } = await user.client.uploads.request({
      body: { filename: 'My Holiday.JPG', mime_type: 'image/jpeg' },
    })
    expect({ key, filename }).toEqual({ key: `uploads/${user.uid}/${iid}/my-holiday.jpg`, filename: 'my-holiday.jpg' })
    expect((await put(presigned_url, bytes, 'image/jpeg')).status).toBe(200)
    const image = await user.client.uploads.complete({ body: { iid, key, filename, mime_type: 'image/jpeg' } })
    expect(image).toMatchObject({
      id: iid,
      url: `http://images.test/i/${iid}.jpg`,
      original_filename: 'My Holiday.JPG',
      mime: 'image/jpeg',
      source_sha256: hash('sha256', bytes),
      camera: 'Acme Cam 7',
      visibility: 'unlisted',
      private: 0,
      views: 0,
    })
    expect(image.sha256).not.toBe(image.source_sha256)
    const served = Buffer.from(await (await app.fetch(image.url)).arrayBuffer())
    expect(hash('sha256', served)).toBe(image.sha256)
    expect(served.includes('Exif')).toBe(false)
    expect(filesIn('blobs/incoming')).toEqual([])
  })

  test('given up, by whoever began it, it takes no room and cannot be completed', async () => {
    const [owner, other] = [await app.user(), await app.user()]
    const { presigned_url, iid } = await owner.client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png' },
    })
    await put(presigned_url, await pictures.png({ seed: 12 }))
    await expect(other.client.uploads.cancel({ params: { iid } })).rejects.toMatchObject({ code: 'not_found' })
    expect(filesIn('blobs/incoming')).toHaveLength(1)
    await expect(owner.client.uploads.cancel({ params: { iid } })).resolves.toEqual({ status: 'deleted', iid })
    expect(filesIn('blobs/incoming')).toEqual([])
    await expect(owner.client.uploads.complete({ body: { iid } })).rejects.toMatchObject({ code: 'not_found' })
    await expect(owner.client.uploads.cancel({ params: { iid } })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('complete gives the same answer again, as often as it is asked', async () => {
    const { presigned_url, iid } = await user.client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png' },
    })
    await put(presigned_url, await pictures.png({ seed: 11 }))
    const first = await user.client.uploads.complete({ body: { iid } })
    expect(await user.client.uploads.complete({ body: { iid } })).toEqual(first)
    const { items } = await user.client.images.list({ query: { limit: 200 } })
    expect(items.filter(({ id }) => id === iid)).toHaveLength(1)
  })

  test('before anything was PUT, complete is 404 and may be repeated', async () => {
    const { presigned_url, iid } = await user.client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png' },
    })
    await expect(user.client.uploads.complete({ body: { iid } })).rejects.toMatchObject({ code: 'not_found' })
    await put(presigned_url, await pictures.png({ seed: 12 }))
    expect((await user.client.uploads.complete({ body: { iid } })).id).toBe(iid)
  })

  test('somebody else cannot complete it', async () => {
    const { presigned_url, iid } = await user.client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png' },
    })
    await put(presigned_url, await pictures.png({ seed: 13 }))
    const stranger = await app.user()
    await expect(stranger.client.uploads.complete({ body: { iid } })).rejects.toMatchObject({ code: 'not_found' })
    await user.client.uploads.complete({ body: { iid } })
    await expect(stranger.client.uploads.complete({ body: { iid } })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('bytes that are PUT once more after completion change nothing that is served', async () => {
    const { presigned_url, iid } = await user.client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png' },
    })
    await put(presigned_url, await pictures.png({ seed: 14 }))
    const image = await user.client.uploads.complete({ body: { iid } })
    await put(presigned_url, await pictures.png({ seed: 15 }))
    await user.client.uploads.complete({ body: { iid } })
    const served = Buffer.from(await (await app.fetch(image.url)).arrayBuffer())
    expect(hash('sha256', served)).toBe(image.sha256)
  })

  test.each([
    ['size', { size: 5 }],
    ['sha256', { sha256: 'a'.repeat(64) }],
  ])('other bytes than the declared %s are refused and deleted', async (field, declared) => {
    const bytes = await pictures.png({ seed: 16 })
    const { presigned_url, iid } = await user.client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png', ...declared },
    })
    const sent = await put(presigned_url, bytes)
    if (field === 'size') return expect(sent.status).toBeGreaterThanOrEqual(400)
    await expect(user.client.uploads.complete({ body: { iid } })).rejects.toMatchObject({
      code: 'content_mismatch',
      details: { field },
    })
    expect(filesIn('blobs/incoming')).not.toContain(iid)
    await expect(user.client.uploads.complete({ body: { iid } })).rejects.toMatchObject({ code: 'not_found' })
  })

  test.each(['text/html', 'image/', 'video/mp4', 'application/pdf'])(
    '%s is refused at the request',
    async (mime_type) =>
      expect(user.client.uploads.request({ body: { filename: 'a', mime_type } })).rejects.toMatchObject({
        status: 415,
      }),
  )

  test('a declared size over the limit is refused at the request, with the limit', () =>
    expect(
      user.client.uploads.request({ body: { filename: 'a', mime_type: 'image/png', size: 1_000_001 } }),
    ).rejects.toMatchObject({ code: 'too_large', details: { max: 1_000_000, found: 1_000_001 } }))
})

describe('an upload in one request', () => {
  const form = (...files: [string, Buffer][]) => {
    const body = new FormData()
    for (const [name, bytes] of files) body.append('file', new Blob([new Uint8Array(bytes)]), name)
    return body
  }
  const post = async (body: FormData | string | Buffer, headers: Record<string, string> = {}, query = '') => {
    const response = await app.fetch(`http://images.test/api/v1/upload${query}`, {
      method: 'POST',
      headers: { 'x-api-key': user.apiKey, ...headers },
      body: Buffer.isBuffer(body) ? new Uint8Array(body) : body,
    })
    return { status: response.status, body: await response.json() }
  }

  test('multipart: fields before and after the file count, and a local path is nobody’s business', async () => {
    const body = new FormData()
    body.append('title', 'Before')
    body.append('whatever', new Blob([new Uint8Array(await pictures.webp({ seed: 20 }))]), '/home/me/secret/shot.webp')
    body.append('visibility', 'private')
    const answer = await post(body)
    expect(answer).toMatchObject({
      status: 201,
      body: {
        title: 'Before',
        visibility: 'private',
        private: 1,
        filename: 'shot.webp',
        original_filename: 'shot.webp',
      },
    })
    expect(answer.body).not.toHaveProperty('data')
  })

  test('several files: one refused harms no neighbour', async () => {
    const files = form(
      ['a.png', await pictures.png({ seed: 21 })],
      ['b.svg', Buffer.from('<svg/>')],
      ['c.png', await pictures.png({ seed: 22 })],
    )
    const { status, body } = await post(files)
    expect(status).toBe(201)
    expect(body.items.map(({ original_filename }: { original_filename: string }) => original_filename)).toEqual([
      'a.png',
      'c.png',
    ])
    expect(body.errors).toMatchObject([{ filename: 'b.svg', error: { code: 'unsupported_type' } }])
  })

  test('several files, one too large: the others are kept', async () => {
    const { status, body } = await post(
      form(['big.png', Buffer.alloc(1_000_001)], ['c.png', await pictures.png({ seed: 23 })]),
    )
    expect(status).toBe(201)
    expect(body.items).toHaveLength(1)
    expect(body.errors).toMatchObject([
      { filename: 'big.png', error: { code: 'too_large', details: { max: 1_000_000 } } },
    ])
  })

  test('several files, all refused: no success is shown', async () => {
    const { status, body } = await post(form(['a.svg', Buffer.from('<svg/>')], ['b.html', Buffer.from('<html>')]))
    expect(status).toBe(415)
    expect(body.error.details.errors).toHaveLength(2)
  })

  test('more files than allowed are refused, and none is kept', async () => {
    const before = (await user.client.images.list({ query: { limit: 200 } })).items.length
    const file = async (seed: number): Promise<[string, Buffer]> => ['a.png', await pictures.png({ seed })]
    const { status, body } = await post(form(await file(24), await file(25), await file(26), await file(27)))
    expect({ status, code: body.error.code }).toEqual({ status: 400, code: 'validation' })
    expect((await user.client.images.list({ query: { limit: 200 } })).items).toHaveLength(before)
  })

  test('raw bytes, whatever Content-Type a client invents for them', async () => {
    const bytes = await pictures.gif({ seed: 28, frames: 3 })
    const answer = await post(
      bytes,
      { 'content-type': 'application/x-www-form-urlencoded' },
      '?filename=Anim.gif&title=T',
    )
    expect(answer).toMatchObject({
      status: 201,
      body: { mime: 'image/gif', frames: 3, title: 'T', filename: 'anim.gif' },
    })
  })

  test('the same bytes again: 200, the image that is there, and duplicate', async () => {
    const bytes = await pictures.png({ seed: 29 })
    const first = await post(bytes, { 'content-type': 'image/png' })
    const again = await post(bytes, { 'content-type': 'image/png' })
    expect(again).toMatchObject({ status: 200, body: { id: first.body.id, duplicate: true } })
    const other = await post(bytes, { 'content-type': 'image/png' }, '?visibility=private')
    expect(other).toMatchObject({ status: 201, body: { visibility: 'private' } })
    const wanted = await post(bytes, { 'content-type': 'image/png' }, '?allow_duplicate=1')
    expect(wanted.status).toBe(201)
    expect(new Set([first.body.id, other.body.id, wanted.body.id]).size).toBe(3)
  })

  test('a deleted image is no duplicate', async () => {
    const bytes = await pictures.png({ seed: 30 })
    const first = await post(bytes, { 'content-type': 'image/png' })
    await user.client.images.delete({ params: { id: first.body.id } })
    expect((await post(bytes, { 'content-type': 'image/png' })).status).toBe(201)
  })

  test('HEIC becomes JPEG, and is called so', async () => {
    const { status, body } = await post(await pictures.heic(), { 'content-type': 'image/heic' }, '?filename=IMG_1.HEIC')
    expect({ status, mime: body.mime, filename: body.filename }).toEqual({
      status: 201,
      mime: 'image/jpeg',
      filename: 'img-1.jpg',
    })
    const served = await app.fetch(body.url)
    expect(served.headers.get('content-disposition')).toContain('IMG_1.jpg')
    expect(
      Buffer.from(await served.arrayBuffer())
        .subarray(0, 3)
        .toString('hex'),
    ).toBe('ffd8ff')
  })

  test('everything that is not an accepted picture is 415 with the list of what is', async () => {
    for (const [name, bytes] of Object.entries(await notPictures())) {
      const { status, body } = await post(bytes.length > 0 ? bytes : Buffer.from(' '), { 'content-type': 'image/png' })
      expect({ name, status, accepted: body.error?.details?.accepted }).toEqual({
        name,
        status: 415,
        accepted: ['JPEG', 'PNG', 'GIF', 'WebP', 'AVIF', 'HEIC'],
      })
    }
  })

  test.each([
    ['nothing', Buffer.alloc(0), { 'content-type': 'image/png' }, 'validation'],
    ['too much', Buffer.alloc(1_000_001), { 'content-type': 'image/png' }, 'too_large'],
    ['multipart without a boundary', Buffer.from('x'), { 'content-type': 'multipart/form-data' }, 'validation'],
    [
      'multipart that stops',
      Buffer.from('--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc'),
      { 'content-type': 'multipart/form-data; boundary=x' },
      'validation',
    ],
    ['JSON without a url', Buffer.from('{}'), { 'content-type': 'application/json' }, 'validation'],
    [
      'an address in our own network',
      Buffer.from('{"url":"http://127.0.0.1/a.png"}'),
      { 'content-type': 'application/json' },
      'import_refused',
    ],
    [
      'an option of the wrong type',
      Buffer.from('{"url":"http://example.org","title":1}'),
      { 'content-type': 'application/json' },
      'validation',
    ],
  ])('%s is refused', async (_, bytes, headers, code) =>
    expect((await post(bytes, headers)).body.error.code).toBe(code),
  )

  test('once the addresses have ended, nothing is left in staging, whatever was PUT there', async () => {
    expect(filesIn('incoming')).toEqual([])
    app.pass(3 * 3600)
    await app.sweeper.sweep()
    expect(filesIn('blobs/incoming')).toEqual([])
  })
})

test('an account holds no more open drafts than the limit', async () => {
  const limited = await startTestApp({ MAX_OPEN_DRAFTS: '3' })
  const { client } = await limited.user()
  const request = () => client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png' } })
  const outcomes = await Promise.allSettled(Array.from({ length: 10 }, request))
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3)
  await expect(request()).rejects.toMatchObject({ code: 'too_many_drafts', retryAfterSeconds: 60 })
  limited.pass(3 * 3600)
  await limited.sweeper.sweep()
  await expect(request()).resolves.toBeDefined()
  await limited.stop()
})

test('a quota in bytes is not passed, however many upload at once', async () => {
  const bytes = await pictures.png({ seed: 40 })
  const limited = await startTestApp({ QUOTA_BYTES: String(Math.floor(bytes.length * 2.5)) })
  const owner = await limited.user()
  const uploads = Array.from({ length: 8 }, () => uploadPicture(limited, owner, bytes, { allow_duplicate: true }))
  const outcomes = await Promise.allSettled(uploads)
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
  expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
    reason: { code: 'quota_exceeded', status: 413 },
  })
  await limited.stop()
})

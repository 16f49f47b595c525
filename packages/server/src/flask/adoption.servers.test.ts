import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createBucket } from '../testing/create-bucket.ts'
import { type FlaskDeployment, flaskKey, flaskUid, startFlaskDeployment } from '../testing/flask-deployment.ts'
import { bitFlipped, notPictures, truncated } from '../testing/hostile-pictures.ts'
import { pictures, secretPlace } from '../testing/pictures.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

const apiKey = flaskKey(flaskUid)

describe.each(['S3', 'files'] as const)('objects of the Flask project on %s', (store) => {
  let flask: FlaskDeployment
  let app: TestApp
  let address: string
  /** Puts bytes where their project had them, with the type that its client named. */
  let addObject: (key: string, bytes: Buffer, contentType: string) => Promise<void>
  let steps: string[] = []
  let onStep: (name: string) => Promise<void> | void = () => {}
  const warnings: Record<string, unknown>[] = []
  let ids = 0
  /** Moves the clock of the server past what it remembers. */
  let ahead = 0

  beforeAll(async () => {
    flask = await startFlaskDeployment()
    await flask.addAccount(flaskUid)
    const bucket = store === 'S3' ? await createBucket(inject('s3'), 'guest') : undefined
    const log = pino({ level: 'warn' }, { write: (line: string) => void warnings.push(JSON.parse(line)) })
    app = await startTestApp(
      { ...flask.env, ...bucket?.env, PUBLIC_URL: '', MAX_UPLOAD_BYTES: '300K' },
      {
        clock: { now: () => Date.now() + ahead },
        log,
        onStep: (name) => {
          steps.push(name)
          return onStep(name)
        },
      },
    )
    address = await app.server.listen({ host: '127.0.0.1', port: 0 })
    const { endpoint, region, accessKeyId, secretAccessKey } = inject('s3')
    const admin = new S3Client({
      endpoint,
      region,
      forcePathStyle: true,
      credentials: { accessKeyId, secretAccessKey },
    })
    addObject = async (key, bytes, contentType) => {
      if (!bucket) return void (await app.blobs.put(key, bytes, { contentType, size: bytes.length }))
      await admin.send(new PutObjectCommand({ Bucket: bucket.name, Key: key, Body: bytes, ContentType: contentType }))
    }
  })

  afterAll(async () => {
    await app?.stop()
    await flask?.stop()
  })

  interface Added {
    id: string
    key: string
  }

  /** An image as it was left behind: record, list and object. */
  async function add(bytes: Buffer | undefined, { mime = 'image/jpeg', filename = 'a.jpg' } = {}): Promise<Added> {
    const id = `img_${String(++ids).padStart(8, '0')}`
    const key = `uploads/${flaskUid}/${id}/${filename}`
    if (bytes) await addObject(key, bytes, mime)
    await flask.addImage(id, { key, filename, mime })
    return { id, key }
  }

  const get = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(address + path, { redirect: 'manual', ...init })
    return { status: response.status, headers: response.headers, body: Buffer.from(await response.arrayBuffer()) }
  }
  const redirect = (id: string) => get(`/api/v1/image/${id}`)
  const bytes = (id: string) => get(`/i/${id}`)
  const recordOf = (id: string) => app.metadata.images.find(id)
  const lying = async (key: string) => app.blobs.read(key, 10_000_000)
  const warningsOf = (id: string) => warnings.filter(({ image }) => image === id)
  const listed = async (id: string) => {
    const { items } = (await (
      await fetch(`${address}/api/v1/me/images?limit=200`, { headers: { 'x-api-key': apiKey } })
    ).json()) as {
      items: Record<string, unknown>[]
    }
    return items.find((item) => item.id === id)
  }
  const remove = async (id: string) =>
    (await get(`/api/v1/image/${id}`, { method: 'DELETE', headers: { 'x-api-key': apiKey } })).status

  test('that are clean pictures are served by both ways, marked once, and never looked at again', async () => {
    const picture = await pictures.jpeg({ seed: 1 })
    const { id, key } = await add(picture)
    steps = []
    const first = await bytes(id)
    expect({ status: first.status, type: first.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/jpeg',
    })
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    const looked = steps.length
    expect(looked).toBeGreaterThan(3)

    const { status, headers } = await redirect(id)
    expect(status).toBe(302)
    const followed = await fetch(headers.get('location')!)
    expect({ status: followed.status, type: followed.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/jpeg',
    })
    expect(first.body.equals(Buffer.from(await followed.arrayBuffer()))).toBe(true)
    expect(steps.length).toBe(looked)
    expect((await lying(key))!.equals(first.body)).toBe(true)
    const record = await recordOf(id)
    expect(record).toMatchObject({
      key,
      size: first.body.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      width: 64,
      height: 48,
    })
    expect(first.headers.get('etag')).toBe(`"${record!.sha256}"`)
    expect(record!.refused).toBeUndefined()
  })

  test('that carry their place lose it before anybody sees them, in the storage too', async () => {
    for (const way of [bytes, redirect]) {
      const picture = await pictures.jpegWithTrailer({ seed: 2, gps: true, orientation: 6 })
      expect(picture.includes(secretPlace)).toBe(true)
      const { id, key } = await add(picture)
      expect((await way(id)).status).toBe(way === bytes ? 200 : 302)
      const stored = (await lying(key))!
      expect(stored.includes(secretPlace)).toBe(false)
      expect(stored.includes('GPS')).toBe(false)
      expect((await bytes(id)).body.equals(stored)).toBe(true)
      const there = await fetch((await redirect(id)).headers.get('location')!)
      expect(Buffer.from(await there.arrayBuffer()).equals(stored)).toBe(true)
      expect(await recordOf(id)).toMatchObject({ width: 48, height: 64, sha256: expect.any(String) })
      expect((await app.metadata.images.usage(flaskUid)).bytes).toBeGreaterThanOrEqual(stored.length)
    }
  })

  test('that are pictures under another type are served, and redirected to, as what they are', async () => {
    const { id } = await add(await pictures.png({ seed: 3 }), { mime: 'text/html', filename: 'page.html' })
    const { headers } = await redirect(id)
    expect((await fetch(headers.get('location')!)).headers.get('content-type')).toBe('image/png')
    expect((await bytes(id)).headers.get('content-type')).toBe('image/png')
    expect(await listed(id)).toMatchObject({ mime: 'image/png', url: `${address}/i/${id}.png` })
  })

  test('that are HEIC become JPEG under their old key', async () => {
    const { id, key } = await add(await pictures.heic(), { mime: 'image/heic', filename: 'phone.heic' })
    const { body, headers } = await bytes(id)
    expect(headers.get('content-type')).toBe('image/jpeg')
    expect(body.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
    expect(body.includes(secretPlace)).toBe(false)
    expect(headers.get('content-disposition')).toContain('phone.jpg')
    expect((await fetch((await redirect(id)).headers.get('location')!)).headers.get('content-type')).toBe('image/jpeg')
    expect((await lying(key))!.equals(body)).toBe(true)
    expect(await recordOf(id)).toMatchObject({ key, filename: 'phone.jpg' })
    expect(await remove(id)).toBe(200)
    expect(await app.blobs.stat(key)).toBeUndefined()
  })

  const refused: [string, string, () => Promise<Buffer>][] = [
    ['HTML that calls itself PNG', 'image/png', async () => (await notPictures()).html!],
    ['HTML', 'text/html', async () => (await notPictures())['html behind a comment']!],
    ['SVG', 'image/svg+xml', async () => (await notPictures()).svg!],
    ['gzipped SVG', 'image/svg+xml', async () => (await notPictures())['gzipped svg']!],
    ['a film', 'image/jpeg', async () => (await notPictures()).mp4!],
    ['nothing', 'image/jpeg', async () => Buffer.alloc(0)],
    ['half a JPEG', 'image/jpeg', async () => truncated(await pictures.jpeg({ seed: 4, width: 200, height: 200 }))],
    ['a damaged PNG', 'image/png', async () => bitFlipped(await pictures.png({ seed: 4 }))],
  ]
  test.each(refused)(
    'that are %s are 404 for ever, told once, still listed, and can be deleted',
    async (_, mime, make) => {
      const made = await make()
      const { id, key } = await add(made, { mime })
      for (let round = 0; round < 2; round++) {
        for (const answer of [
          await redirect(id),
          await bytes(id),
          await get(`/i/${id}.png`),
          await get(`/i/${id}`, { method: 'HEAD' }),
        ]) {
          expect(answer.status).toBe(404)
          expect(answer.headers.get('location')).toBeNull()
          expect(answer.body.includes('script')).toBe(false)
        }
      }
      expect((await recordOf(id))!.refused).toMatch(/^(unsupported_type|image_corrupt)$/)
      expect((await recordOf(id))!.sha256).toBeUndefined()
      expect(warningsOf(id)).toEqual([expect.objectContaining({ key, owner: flaskUid, code: expect.any(String) })])
      expect((await lying(key))!.equals(made)).toBe(true)
      expect(await listed(id)).toMatchObject({ id, mime, private: 0 })
      expect(await remove(id)).toBe(200)
      expect(await app.blobs.stat(key)).toBeUndefined()
      expect(await listed(id)).toBeUndefined()
    },
  )

  test('that are over a limit are 404 and nothing is held against them: the limit may be raised', async () => {
    const { id } = await add(await pictures.png({ seed: 5, width: 600, height: 600 }), { mime: 'image/png' })
    for (const answer of [await bytes(id), await redirect(id), await bytes(id)]) expect(answer.status).toBe(404)
    expect((await recordOf(id))!.refused).toBeUndefined()
    expect(warningsOf(id)).toEqual([expect.objectContaining({ code: 'too_large' })])
    expect(await listed(id)).toMatchObject({ id })
  })

  test('that are missing are 404, and nothing is noted: they may come back', async () => {
    const { id, key } = await add(undefined)
    for (const answer of [await bytes(id), await redirect(id)]) expect(answer.status).toBe(404)
    expect((await recordOf(id))!.refused).toBeUndefined()
    await addObject(key, await pictures.jpeg({ seed: 6 }), 'image/jpeg')
    expect((await bytes(id)).status).toBe(200)
  })

  test.each([
    'My Holiday.JPG',
    'Grüße aus Köln.png',
    '写真 1.png',
    'a?b#c&d=e.png',
    '100%.png',
    'a%2e%2e%2fb.png',
    "it's (1)!*+.png",
    '-rf.png',
  ])('are served and deleted under the name that their owner gave them: %j', async (filename) => {
    const picture = await pictures.png({ seed: 7 })
    const { id, key } = await add(picture, { mime: 'image/png', filename })
    expect((await bytes(id)).status).toBe(200)
    const followed = await fetch((await redirect(id)).headers.get('location')!)
    expect({ status: followed.status, type: followed.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/png',
    })
    expect(await listed(id)).toMatchObject({ key, filename: expect.stringContaining(filename.slice(0, 3)) })
    expect(await remove(id)).toBe(200)
    expect(await app.blobs.stat(key)).toBeUndefined()
  })

  test.each([
    '../../../etc/passwd',
    '/etc/passwd',
    'uploads/../secret.png',
    'uploads//a.png',
    'uploads/.hidden.png',
    'a\0.png',
    'a\\b',
    '',
  ])(
    'under a key that nothing can be stored under (%j) are 404, told once, listed, and can be deleted',
    async (key) => {
      const { id } = await add(undefined)
      await flask.redis.hSet(`img:${id}`, { key, url: '' })
      for (const answer of [await bytes(id), await redirect(id), await bytes(id)]) expect(answer.status).toBe(404)
      expect(warningsOf(id)).toHaveLength(1)
      expect(await listed(id)).toMatchObject({ id, key: '' })
      expect(await remove(id)).toBe(200)
      expect(await listed(id)).toBeUndefined()
    },
  )

  test('are looked at once, however many ask at once and whichever way', async () => {
    const { id } = await add(await pictures.webp({ seed: 8 }), { mime: 'image/webp' })
    steps = []
    const answers = await Promise.all(Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? bytes(id) : redirect(id))))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? 200 : 302)))
    expect(steps.filter((name) => name === 'inspect')).toEqual(['inspect'])
    expect(steps.length).toBe(new Set(steps).size)
  })

  test('that are deleted while they are looked at are gone, and their bytes do not come back', async () => {
    for (const moment of ['inspect', 'decode']) {
      const { id, key } = await add(await pictures.jpegWithGps({ seed: 9 }))
      onStep = async (name) => {
        if (name !== moment) return
        onStep = () => {}
        expect(await remove(id)).toBe(200)
      }
      expect((await bytes(id)).status).toBe(404)
      expect(await app.blobs.stat(key)).toBeUndefined()
      expect(await recordOf(id)).toBeUndefined()
      expect(await listed(id)).toBeUndefined()
    }
  })

  test('are found by a duplicate of theirs that is uploaded now', async () => {
    const picture = await pictures.jpegWithGps({ seed: 10 })
    const { id } = await add(picture)
    expect((await bytes(id)).status).toBe(200)
    const response = await fetch(`${address}/api/v1/upload`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'image/jpeg' },
      body: new Uint8Array(picture),
    })
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { id, duplicate: true },
    })
  })

  test('of which an earlier look died between the bytes and the mark are looked at again, with the same result', async () => {
    const { id } = await add(await pictures.jpegWithGps({ seed: 11 }))
    const before = await bytes(id)
    await flask.redis.hDel(`img:${id}`, 'ours')
    ahead += 1_000
    const after = await bytes(id)
    expect(after.status).toBe(200)
    expect(after.body.equals(before.body)).toBe(true)
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'))
  })
})

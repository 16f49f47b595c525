import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { systemClock } from '../ports/clock.ts'
import { flaskKey, flaskUid } from '../testing/flask-deployment.ts'
import { pictures, secretPlace } from '../testing/pictures.ts'
import { type FlaskApp, startFlaskApp } from '../testing/start-flask-app.ts'
import { startTestApp } from '../testing/start-test-app.ts'

describe.each(['S3', 'files'] as const)('pictures of the Flask project on %s', (store) => {
  let site: FlaskApp
  beforeAll(async () => {
    site = await startFlaskApp(store === 'S3' ? inject('s3') : undefined)
  })
  afterAll(() => site?.stop())

  test('that are clean pictures are served by both ways, marked once, and never looked at again', async () => {
    const picture = await pictures.jpeg({ seed: 1 })
    const { id, key } = await site.add(picture)
    site.steps.length = 0
    const first = await site.bytes(id)
    expect({ status: first.status, type: first.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/jpeg',
    })
    expect(first.headers.get('x-content-type-options')).toBe('nosniff')
    const looked = site.steps.length
    expect(looked).toBeGreaterThan(3)

    const redirect = await site.redirect(id)
    expect(redirect.status).toBe(302)
    const followed = await site.follow(redirect)
    expect({ status: followed.status, type: followed.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/jpeg',
    })
    expect(followed.body.equals(first.body)).toBe(true)
    expect(site.steps.length).toBe(looked)
    expect((await site.lying(key))!.equals(first.body)).toBe(true)
    const record = await site.recordOf(id)
    expect(record).toMatchObject({
      key,
      size: first.body.length,
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
      width: 64,
      height: 48,
    })
    expect(first.headers.get('etag')).toBe(`"${record.sha256}"`)
    expect(record.refused).toBeUndefined()
  })

  test('that carry their place lose it before anybody sees them, in the storage too', async () => {
    for (const way of ['bytes', 'redirect'] as const) {
      const picture = await pictures.jpegWithTrailer({ seed: 2, gps: true, orientation: 6 })
      expect(picture.includes(secretPlace)).toBe(true)
      const { id, key } = await site.add(picture)
      expect((await site[way](id)).status).toBe(way === 'bytes' ? 200 : 302)
      const stored = (await site.lying(key))!
      expect(stored.includes(secretPlace)).toBe(false)
      expect(stored.includes('GPS')).toBe(false)
      expect((await site.bytes(id)).body.equals(stored)).toBe(true)
      expect((await site.follow(await site.redirect(id))).body.equals(stored)).toBe(true)
      expect(await site.recordOf(id)).toMatchObject({ width: 48, height: 64, sha256: expect.any(String) })
      expect((await site.app.metadata.images.usage(flaskUid)).bytes).toBeGreaterThanOrEqual(stored.length)
    }
  })

  test('that carry their place lose it in the zip of an album too, where nobody has looked at them before', async () => {
    const { id } = await site.add(await pictures.jpegWithTrailer({ seed: 22, gps: true }))
    const key = { 'x-api-key': flaskKey(flaskUid) }
    const post = { method: 'POST', headers: { ...key, 'content-type': 'application/json' } }
    const made = await site.get('/api/v1/me/albums', { ...post, body: '{"name":"Old"}' })
    const album = `/api/v1/album/${JSON.parse(made.body.toString()).id}`
    await site.get(`${album}/images`, { ...post, body: JSON.stringify({ add: [id] }) })
    const zip = await site.get(`${album}/zip`, { headers: key })
    expect(zip.body.includes('0001 a.jpg')).toBe(true)
    expect(zip.body.includes(secretPlace)).toBe(false)
  })

  test('that are pictures under another type are served, and redirected to, as what they are', async () => {
    const { id } = await site.add(await pictures.png({ seed: 3 }), { mime: 'text/html', filename: 'page.html' })
    expect((await site.follow(await site.redirect(id))).headers.get('content-type')).toBe('image/png')
    expect((await site.bytes(id)).headers.get('content-type')).toBe('image/png')
    expect(await site.listed(id)).toMatchObject({ mime: 'image/png', url: `${site.address}/i/${id}.png` })
  })

  test('that are HEIC become JPEG under their old key', async () => {
    const { id, key } = await site.add(await pictures.heic(), { mime: 'image/heic', filename: 'phone.heic' })
    const { body, headers } = await site.bytes(id)
    expect(headers.get('content-type')).toBe('image/jpeg')
    expect(body.subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]))
    expect(body.includes(secretPlace)).toBe(false)
    expect(headers.get('content-disposition')).toContain('phone.jpg')
    expect((await site.follow(await site.redirect(id))).headers.get('content-type')).toBe('image/jpeg')
    expect((await site.lying(key))!.equals(body)).toBe(true)
    expect(await site.recordOf(id)).toMatchObject({ key, filename: 'phone.jpg' })
    expect(await site.remove(id)).toBe(200)
    expect(await site.app.blobs.stat(key)).toBeUndefined()
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
    const { id, key } = await site.add(picture, { mime: 'image/png', filename })
    expect((await site.bytes(id)).status).toBe(200)
    const followed = await site.follow(await site.redirect(id))
    expect({ status: followed.status, type: followed.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/png',
    })
    expect(await site.listed(id)).toMatchObject({ key, filename: expect.stringContaining(filename.slice(0, 3)) })
    expect(await site.remove(id)).toBe(200)
    expect(await site.app.blobs.stat(key)).toBeUndefined()
  })

  test('are looked at once, however many ask at once and whichever way', async () => {
    const { id } = await site.add(await pictures.webp({ seed: 8 }), { mime: 'image/webp' })
    site.steps.length = 0
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? site.bytes(id) : site.redirect(id))),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 16 }, (_, n) => (n % 2 === 0 ? 200 : 302)))
    expect(site.steps.filter((name) => name === 'inspect')).toEqual(['inspect'])
    expect(site.steps.length).toBe(new Set(site.steps).size)
  })

  test('that are deleted while they are looked at are gone, and their bytes do not come back', async () => {
    for (const moment of ['inspect', 'decode']) {
      const { id, key } = await site.add(await pictures.jpegWithGps({ seed: 9 }))
      site.hooks.onStep = async (name) => {
        if (name !== moment) return
        site.hooks.onStep = () => {}
        expect(await site.remove(id)).toBe(200)
      }
      expect((await site.bytes(id)).status).toBe(404)
      expect(await site.app.blobs.stat(key)).toBeUndefined()
      expect(await site.recordOf(id)).toBeUndefined()
      expect(await site.listed(id)).toBeUndefined()
    }
  })

  test('are found by a duplicate of theirs that is uploaded now', async () => {
    const picture = await pictures.jpegWithGps({ seed: 10 })
    const { id } = await site.add(picture)
    expect((await site.bytes(id)).status).toBe(200)
    const response = await fetch(`${site.address}/api/v1/upload`, {
      method: 'POST',
      headers: { 'x-api-key': flaskKey(flaskUid), 'content-type': 'image/jpeg' },
      body: new Uint8Array(picture),
    })
    expect({ status: response.status, body: await response.json() }).toMatchObject({
      status: 200,
      body: { id, duplicate: true },
    })
  })

  test('of which an earlier look died between the bytes and the mark are looked at again, with the same result', async () => {
    const { id } = await site.add(await pictures.jpegWithGps({ seed: 11 }))
    const before = await site.bytes(id)
    await site.flask.redis.hDel(`img:${id}`, 'ours')
    site.passAMoment()
    const after = await site.bytes(id)
    expect(after.status).toBe(200)
    expect(after.body.equals(before.body)).toBe(true)
    expect(after.headers.get('etag')).toBe(before.headers.get('etag'))
  })

  test('that two servers look at in one moment are the same on both, and counted once', async () => {
    const other = await startTestApp({ ...site.settings, DATA_DIR: site.app.directory }, { clock: systemClock })
    for (const picture of [await pictures.jpegWithGps({ seed: 12 }), await pictures.heic('turned')]) {
      const { bytes: before } = await site.app.metadata.images.usage(flaskUid)
      const { id, key } = await site.add(picture)
      const [here, there] = await Promise.all([site.bytes(id), other.fetch(`http://images.test/i/${id}`)])
      const stored = (await site.lying(key))!
      expect(here.body.equals(stored) && stored.equals(Buffer.from(await there.arrayBuffer()))).toBe(true)
      expect(there.headers.get('etag')).toBe(here.headers.get('etag'))
      expect((await site.app.metadata.images.usage(flaskUid)).bytes).toBe(before + stored.length)
    }
    await other.stop()
  })
})

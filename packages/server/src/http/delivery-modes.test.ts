import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Image } from '@imagehost/client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { inspect, defaultImageLimits as limits } from '../imaging/inspect.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let user: TestUser
let open: Image
let hidden: Image

async function start(env: Record<string, string>): Promise<void> {
  app = await startTestApp(env)
  user = await app.user()
  open = await uploadPicture(app, user, await pictures.png({ seed: 1 }), { filename: 'Katze.png' })
  hidden = await uploadPicture(app, user, await pictures.png({ seed: 2 }), { visibility: 'private' })
}
afterEach(() => app.stop())

const get = (address: string, headers: Record<string, string> = {}, method = 'GET') =>
  app.fetch(address, { method, headers, redirect: 'manual' })
const own = (address: string, headers: Record<string, string> = {}) =>
  get(address, { 'x-api-key': user.apiKey, ...headers })

describe('by redirect', () => {
  beforeEach(() => start({ DELIVERY: 'redirect' }))

  test('leads to the storage, which has the bytes, the type and the name', async () => {
    const answer = await get(open.url)
    expect({ status: answer.status, cache: answer.headers.get('cache-control') }).toEqual({
      status: 302,
      cache: 'no-store',
    })
    const followed = await get(answer.headers.get('location')!)
    expect(followed.headers.get('content-type')).toBe('image/png')
    expect(inspect(Buffer.from(await followed.arrayBuffer()), limits)).toMatchObject({ format: 'png' })
    const kept = await get((await get(`${open.url}?download`)).headers.get('location')!)
    expect(kept.headers.get('content-disposition')).toContain('Katze.png')
  })

  test('does the same with variants', async () => {
    const followed = await get((await get(open.thumbnail_url)).headers.get('location')!)
    expect(inspect(Buffer.from(await followed.arrayBuffer()), limits)).toMatchObject({ format: 'webp' })
  })

  test('leads to no variant that another server let go', async () => {
    const address = `${open.url}?preset=small`
    await get(address)
    const [entry] = await app.metadata.variants.list(open.id)
    await app.blobs.delete(`variants/${open.id}/${entry!.name}`)
    await app.metadata.variants.forget([entry!])
    app.pass(11)
    const location = (await get(address)).headers.get('location')!
    expect((await get(location)).status).toBe(200)
  })

  test('says that nothing changed, and counts no view for that', async () => {
    expect((await get(open.url, { 'if-none-match': `"${open.sha256}"` })).status).toBe(304)
    await get(open.url)
    await app.views.flush()
    expect((await app.metadata.images.find(open.id))?.views).toBe(1)
  })

  test('never sends anybody to a private image', async () => {
    expect((await own(hidden.url)).status).toBe(200)
    expect((await own(hidden.thumbnail_url)).status).toBe(200)
    expect((await get(hidden.url)).status).toBe(404)
    const { url } = await user.client.delivery.sign({ params: { id: hidden.id }, body: { w: 10 } })
    expect((await get(url)).status).toBe(200)
  })
})

describe('by a public bucket', () => {
  beforeEach(() => start({ DELIVERY: 'redirect', S3_PUBLIC_URL: 'https://cdn.test/bucket' }))

  test('leads there, but for private images', async () => {
    expect((await get(open.url)).headers.get('location')).toBe(`https://cdn.test/bucket/${open.key}`)
    expect((await get(open.thumbnail_url)).headers.get('location')).toMatch(
      /^https:\/\/cdn\.test\/bucket\/variants\/img_\w+\/[\w-]+\.webp$/,
    )
    expect((await own(hidden.url)).status).toBe(200)
  })
})

describe('through nginx', () => {
  beforeEach(() => start({ DELIVERY: 'x-accel', X_ACCEL_PREFIX: '/inside/' }))

  test('names the file, behind the check of who may see it, and brings no bytes', async () => {
    const answer = await get(open.url)
    expect(answer.status).toBe(200)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'x-accel-redirect': `/inside/${open.key}`,
      'content-type': 'image/png',
      etag: `"${open.sha256}"`,
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    expect(await answer.text()).toBe('')
    expect((await get(open.thumbnail_url)).headers.get('x-accel-redirect')).toMatch(/^\/inside\/variants\//)
    expect((await get(hidden.url)).status).toBe(404)
    expect((await get(hidden.url)).headers.has('x-accel-redirect')).toBe(false)
    expect((await own(hidden.url)).headers.get('x-accel-redirect')).toBe(`/inside/${hidden.key}`)
    expect((await get(open.url, { 'if-none-match': `"${open.sha256}"` })).status).toBe(304)
  })
})

describe('with an origin for content', () => {
  const content = 'http://content.test'
  beforeEach(() => start({ CONTENT_URL: content }))

  test('all addresses of bytes begin with it, but for private ones, which need the session', async () => {
    expect(open.url).toMatch(/^http:\/\/content\.test\/i\//)
    expect(open.thumbnail_url).toMatch(/^http:\/\/content\.test\/i\//)
    expect(open.links.html).toContain('src="http://content.test/i/')
    expect(hidden.url).toMatch(/^http:\/\/images\.test\/i\//)
    const { url } = await user.client.delivery.sign({ params: { id: hidden.id }, body: { w: 10 } })
    expect(url).toMatch(/^http:\/\/content\.test\/i\//)
    expect((await get(url)).status).toBe(200)
  })

  test('nothing but bytes answers there', async () => {
    expect((await get(open.url)).status).toBe(200)
    for (const path of ['/', '/health', '/docs', '/api/v1/me/images', `/api/v1/image/${open.id}`, '/metrics', '/ix/a'])
      expect({ path, status: (await own(`${content}${path}`)).status }).toEqual({ path, status: 404 })
  })

  test('the page sends there who shows neither key nor session', async () => {
    for (const path of [`/i/${open.id}.png`, `/i/${open.id}?preset=thumb&format=jpeg`]) {
      const answer = await get(`http://images.test${path}`)
      expect({ status: answer.status, location: answer.headers.get('location') }).toEqual({
        status: 308,
        location: `${content}${path}`,
      })
    }
    expect((await own(`http://images.test/i/${open.id}?w=10`)).status).toBe(200)
    expect((await own(hidden.url)).status).toBe(200)
    expect((await get(hidden.url)).status).toBe(404)
  })
})

describe('with a CDN', () => {
  let calls: { body: string; authorization: string | undefined }[]
  let statuses: number[]
  const cdn = createServer(async (request, response) => {
    calls.push({ body: (await request.toArray()).join(''), authorization: request.headers.authorization })
    response.writeHead(statuses.shift() ?? 200).end()
  })

  beforeEach(async () => {
    calls = []
    statuses = []
    await new Promise<void>((resolve) => cdn.listen(0, '127.0.0.1', resolve))
    const { port } = cdn.address() as AddressInfo
    await start({ CDN_PURGE_URL: `http://127.0.0.1:${port}/purge`, CDN_PURGE_TOKEN: 'of these tests' })
    return () => cdn.close()
  })

  test('shared caches may keep what everybody may have, under its tag, and nothing else', async () => {
    const cacheOf = async (answer: Promise<Response>) => {
      const { headers } = await answer
      return [headers.get('cache-control'), headers.get('cache-tag')]
    }
    const shared = 'public, max-age=0, s-maxage=86400'
    expect(await cacheOf(get(open.url))).toEqual([shared, open.id])
    expect(await cacheOf(get(open.thumbnail_url))).toEqual([shared, open.id])
    expect(await cacheOf(own(`${open.url}?w=10`))).toEqual(['private, no-cache', open.id])
    expect(await cacheOf(own(hidden.url))).toEqual(['private, no-store', null])
    const sign = async (expires_in: number) =>
      (await user.client.delivery.sign({ params: { id: open.id }, body: { w: 10, expires_in } })).url
    expect(await cacheOf(get(await sign(60)))).toEqual(['public, max-age=0, s-maxage=60', open.id])
    expect(await cacheOf(get(await sign(999_999)))).toEqual([shared, open.id])
  })

  test('it is told of what is deleted, or seen by fewer', async () => {
    await user.client.images.update({ params: { id: open.id }, body: { visibility: 'private' } })
    await vi.waitFor(() =>
      expect(calls).toEqual([{ body: `{"tags":["${open.id}"]}`, authorization: 'Bearer of these tests' }]),
    )
    await user.client.images.delete({ params: { id: open.id } })
    await vi.waitFor(() => expect(calls).toHaveLength(2))
    const metrics = await (await get('http://images.test/metrics')).text()
    expect(metrics).toContain('imagehost_cdn_purges_total{outcome="done"} 2')
  })

  test('the deletion does not wait for it', async () => {
    statuses = [500, 500, 500]
    await user.client.images.delete({ params: { id: open.id } })
    expect((await get(open.url)).status).toBe(404)
  })
})

test('without a CDN nobody but the browser of a visitor keeps anything', async () => {
  await start({})
  const { headers } = await get(open.url)
  expect([headers.get('cache-control'), headers.get('cache-tag')]).toEqual(['private, no-cache', null])
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

const site = 'https://app.example.org'
const allowOrigin = 'access-control-allow-origin'

interface Question extends RequestInit {
  origin?: string
  on: TestApp
}

async function ask(path: string, { origin = site, on, ...init }: Question) {
  const { status, headers } = await on.fetch(new URL(path, 'http://images.test'), {
    ...init,
    headers: { origin, ...init.headers },
  })
  expect(headers.get('access-control-allow-credentials')).toBeNull()
  return { status, headers, allowed: headers.get(allowOrigin) }
}

const preflight = (path: string, method: string, { origin = site, on }: Question) =>
  ask(path, { on, origin, method: 'OPTIONS', headers: { 'access-control-request-method': method } })

describe('without a configuration', () => {
  let app: TestApp
  let user: TestUser
  beforeAll(async () => {
    app = await startTestApp()
    user = await app.user()
  })
  afterAll(() => app.stop())

  test('no other site may read an answer, and no preflight is answered', async () => {
    const { status, allowed, headers } = await ask('/api/v1/me', { on: app, headers: { 'x-api-key': user.apiKey } })
    expect({ status, allowed, vary: headers.get('vary') }).toEqual({ status: 200, allowed: null, vary: null })
    expect(await preflight('/api/v1/me', 'GET', { on: app })).toMatchObject({ status: 404, allowed: null })
  })

  test('any site may read the bytes of images that are not private', async () => {
    for (const visibility of ['public', 'unlisted'] as const) {
      const { url } = await uploadPicture(app, user, await pictures.png({ seed: visibility.length }), { visibility })
      expect(await ask(url, { on: app })).toMatchObject({ status: 200, allowed: '*' })
      expect(await ask(url, { on: app, headers: { range: 'bytes=0-1' } })).toMatchObject({ status: 206, allowed: '*' })
    }
  })

  test('no site may read those of a private one', async () => {
    const { url } = await uploadPicture(app, user, await pictures.png({ seed: 3 }), { visibility: 'private' })
    const headers = { 'x-api-key': user.apiKey }
    expect(await ask(url, { on: app, headers })).toMatchObject({ status: 200, allowed: null })
    expect(await ask(url, { on: app })).toMatchObject({ status: 404, allowed: null })
  })
})

describe('with CORS_ORIGINS', () => {
  let app: TestApp
  let user: TestUser
  beforeAll(async () => {
    app = await startTestApp({ CORS_ORIGINS: `${site}, http://localhost:5173` })
    user = await app.user()
  })
  afterAll(() => app.stop())

  test.each([site, 'http://localhost:5173'])(
    '%s may call with a key, and read errors and the headers',
    async (origin) => {
      const answer = await ask('/api/v1/me', { on: app, origin, headers: { 'x-api-key': user.apiKey } })
      expect(answer).toMatchObject({ status: 200, allowed: origin })
      expect(answer.headers.get('vary')).toBe('Origin')
      for (const name of ['ETag', 'Retry-After', 'RateLimit-Remaining', 'Location']) {
        expect(answer.headers.get('access-control-expose-headers')).toContain(name)
      }
      expect(await ask('/api/v1/me', { on: app, origin })).toMatchObject({ status: 401, allowed: origin })
      expect(await ask('/nothing', { on: app, origin })).toMatchObject({ status: 404, allowed: origin })
    },
  )

  test.each(['https://evil.example', 'https://app.example.org.evil.example', 'http://app.example.org', 'null', ''])(
    'the origin %j may not, and no cache takes the one for the other',
    async (origin) => {
      const { allowed, headers } = await ask('/health', { on: app, origin })
      expect({ allowed, vary: headers.get('vary') }).toEqual({ allowed: null, vary: 'Origin' })
      const answer = await preflight('/api/v1/me', 'GET', { on: app, origin })
      expect(answer.allowed).toBeNull()
      expect(answer.headers.get('access-control-allow-methods')).toBeNull()
    },
  )

  test.each([
    ['/api/v1/me', ['GET', 'HEAD', 'PATCH']],
    ['/api/v1/upload', ['POST']],
    ['/api/v1/image/img_1', ['GET', 'HEAD', 'DELETE']],
    ['/storage/incoming/u_1/img_1?signature=x', ['PUT', 'GET', 'HEAD']],
  ])('the preflight of %s names the methods of the table', async (path, methods) => {
    const { status, allowed, headers } = await preflight(path, methods[0]!, { on: app })
    expect({ status, allowed }).toEqual({ status: 204, allowed: site })
    expect(headers.get('access-control-allow-methods')?.split(', ')).toEqual(expect.arrayContaining(methods))
    expect(headers.get('access-control-allow-headers')).toContain('X-API-Key')
    expect(Number(headers.get('access-control-max-age'))).toBeGreaterThan(0)
  })

  test('there is no preflight for an address that is not there', async () =>
    expect((await preflight('/api/v1/nothing', 'GET', { on: app })).status).toBe(404))

  test('a whole upload by presigned address, and the way back to its bytes', async () => {
    const { iid, presigned_url, headers } = await user.client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png' },
    })
    const put = { on: app, method: 'PUT', body: new Uint8Array(await pictures.png()), headers }
    const kept = await ask(presigned_url, put)
    expect(kept).toMatchObject({ status: 200, allowed: site })
    expect(kept.headers.get('etag')).toBeTruthy()
    expect(await ask(presigned_url, { ...put, origin: 'https://evil.example' })).toMatchObject({ allowed: null })
    const image = await user.client.uploads.complete({ body: { iid } })
    const redirect = await ask(`/api/v1/image/${image.id}`, { on: app })
    expect(redirect).toMatchObject({ status: 302, allowed: site })
    expect(await ask(redirect.headers.get('location')!, { on: app })).toMatchObject({ status: 200, allowed: site })
  })

  test('a cookie counts nowhere but at home', async () => {
    const credentials = JSON.stringify({ username: 'anna', password: 'correct horse battery' })
    const json = { 'content-type': 'application/json' }
    await ask('/api/v1/register', { on: app, method: 'POST', body: credentials, headers: json })
    const login = { on: app, method: 'POST', body: credentials, headers: json }
    expect((await ask('/api/v1/session', login)).status).toBe(403)
    const own = await ask('/api/v1/session', { ...login, origin: 'http://images.test' })
    const headers = { cookie: own.headers.get('set-cookie')!.split(';')[0]!, ...json }
    expect((await ask('/api/v1/me', { on: app, method: 'PATCH', body: '{}', headers })).status).toBe(403)
  })
})

test('where all sites may call, the answer is the same for all', async () => {
  const app = await startTestApp({ CORS_ORIGINS: '*' })
  const { allowed, headers } = await ask('/health', { on: app })
  expect({ allowed, vary: headers.get('vary') }).toEqual({ allowed: '*', vary: null })
  expect(await preflight('/api/v1/me', 'PATCH', { on: app })).toMatchObject({ status: 204, allowed: '*' })
  await app.stop()
})

import { once } from 'node:events'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

const publicUrl = 'https://images.test'
let app: TestApp
let user: TestUser
let path: string
let redirect: string
beforeAll(async () => {
  app = await startTestApp({ PUBLIC_URL: publicUrl })
  user = await app.user()
  const image = await uploadPicture(app, user, await pictures.png())
  path = new URL(image.url).pathname
  redirect = `/api/v1/image/${image.id}`
})
afterAll(() => app.stop())

const headersOf = async (address: string, init: RequestInit = {}, on = app) =>
  Object.fromEntries((await on.fetch(new URL(address, 'http://images.test'), init)).headers)

const always = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
}
const closed = {
  ...always,
  'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
  'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': expect.stringContaining('camera=()'),
  'cache-control': 'no-store',
}

describe('what no other site may use carries all of the headers', () => {
  test.each([
    ['an answer', '/health', {}],
    ['a list', '/api/v1/me/images', {}],
    ['a page', '/docs', {}],
    ['a refusal', '/api/v1/me/images', { headers: { 'x-api-key': 'none' } }],
    ['a body that is no JSON', '/api/v1/login', { method: 'POST', body: '{' }],
    ['an address that is not there', '/nothing/here', {}],
    ['an address that is none', '/%', {}],
    ['an address that is too long', `/i/${'a'.repeat(300)}`, {}],
  ])('%s', async (_, address, init: RequestInit) => {
    const headers = {
      'x-api-key': user.apiKey,
      ...(init.body && { 'content-type': 'application/json' }),
      ...init.headers,
    }
    expect(await headersOf(address, { ...init, headers })).toMatchObject(closed)
  })

  test('bytes that are no HTTP', async () => {
    const address = new URL(await app.server.listen({ port: 0, host: '127.0.0.1' }))
    const socket = connect(Number(address.port), address.hostname)
    await once(socket, 'connect')
    socket.write('no http\r\n\r\n')
    const answer = await text(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain("frame-ancestors 'none'")
    expect(answer).toContain('x-content-type-options: nosniff')
  })
})

describe('what other sites may show says so, and is harmless otherwise', () => {
  const embeddable = { ...always, 'cross-origin-resource-policy': 'cross-origin' }

  test.each([
    ['bytes', () => path],
    ['bytes to keep', () => `${path}?download=1`],
    ['a redirect', () => redirect],
  ])('%s', async (_, address) => {
    const headers = await headersOf(address())
    expect(headers).toMatchObject(embeddable)
    expect(headers['x-frame-options']).toBeUndefined()
  })

  test('the part of a file and what is still the same', async () => {
    expect(await headersOf(path, { headers: { range: 'bytes=0-1' } })).toMatchObject(embeddable)
    expect(await headersOf(path, { headers: { 'if-none-match': '*' } })).toMatchObject(embeddable)
  })

  test('where a redirect leads', async () => {
    const { location } = await headersOf(redirect)
    expect(await headersOf(location!)).toMatchObject(embeddable)
  })
})

test('nothing tells what the server is made of', async () => {
  for (const address of ['/health', path, redirect, '/nothing']) {
    const headers = await headersOf(address)
    expect([headers.server, headers['x-powered-by']]).toEqual([undefined, undefined])
  }
})

test('https is not demanded where nobody said that it is the public address', async () => {
  const plain = await startTestApp({ PUBLIC_URL: 'http://images.test' })
  expect(await headersOf('/health', {}, plain)).not.toHaveProperty('strict-transport-security')
  expect(await headersOf('/health', { headers: { 'x-forwarded-proto': 'https' } }, plain)).not.toHaveProperty(
    'strict-transport-security',
  )
  await plain.stop()
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

let app: TestApp
const dayOfSeconds = 86_400
beforeAll(async () => {
  app = await startTestApp({
    ANONYMOUS_UPLOADS: '1',
    ANONYMOUS_EXPIRES_IN: String(2 * dayOfSeconds),
    ANONYMOUS_QUOTA_IMAGES: '3',
    TRUSTED_PROXIES: '127.0.0.1',
    CORS_ORIGINS: 'https://friend.example',
  })
})
afterAll(() => app.stop())

interface Attempt {
  from?: string
  seed?: number
  query?: string
  headers?: Record<string, string>
}

async function upload({ from = '203.0.113.1', seed = 1, query = '', headers = {} }: Attempt = {}) {
  const answer = await app.fetch(`http://images.test/api/v1/upload${query}`, {
    method: 'POST',
    headers: { 'content-type': 'image/png', 'x-forwarded-for': from, ...headers },
    body: new Uint8Array(await pictures.png({ seed })),
  })
  return { status: answer.status, body: await answer.json() }
}

test('without an account a picture is taken, expires, and is deleted by its link', async () => {
  const { status, body } = await upload({ from: '203.0.113.10' })
  expect(status).toBe(201)
  expect(body).toMatchObject({ owner_uid: 'anonymous', visibility: 'unlisted' })
  expect(body.expires_at).toBe(body.created_at + 2 * dayOfSeconds)
  expect((await app.fetch(body.url)).status).toBe(200)
  expect((await app.fetch(body.delete_url, { method: 'POST' })).status).toBe(200)
  expect((await app.fetch(body.url)).status).toBe(404)
  // Its place is free again.
  for (const seed of [2, 3, 4]) expect((await upload({ from: '203.0.113.10', seed })).status).toBe(201)
})

test('a direct upload works without an account too', async () => {
  const from = { 'x-forwarded-for': '203.0.113.11', 'content-type': 'application/json' }
  const post = async (path: string, body: object) => {
    const init = { method: 'POST', headers: from, body: JSON.stringify(body) }
    return (await app.fetch(`http://images.test/api/v1/upload/${path}`, init)).json()
  }
  const bytes = new Uint8Array(await pictures.png({ seed: 9 }))
  const asked = await post('request', { filename: 'a.png', mime_type: 'image/png', size: bytes.length })
  await app.fetch(asked.presigned_url, { method: 'PUT', headers: { 'content-type': 'image/png' }, body: bytes })
  const image = await post('complete', { iid: asked.iid })
  expect(image).toMatchObject({ id: asked.iid, owner_uid: 'anonymous', delete_url: expect.any(String) })
})

test('each network has a quota of its own, and no header of a stranger changes where they come from', async () => {
  for (const seed of [1, 2, 3]) expect((await upload({ from: '2001:db8:1:2::1', seed })).status).toBe(201)
  const full = await upload({ from: '2001:db8:1:2:ffff::9', seed: 4 })
  expect(full).toMatchObject({ status: 413, body: { error: { code: 'quota_exceeded', details: { max_images: 3 } } } })
  expect((await upload({ from: '2001:db8:1:3::1', seed: 5 })).status).toBe(201)
  // What a client puts before the address that the proxy saw counts for nothing.
  expect((await upload({ from: '198.51.100.7, 2001:db8:1:2::1', seed: 6 })).status).toBe(413)
  app.pass(2 * dayOfSeconds + 2)
  await app.sweeper.sweep()
  expect((await upload({ from: '2001:db8:1:2::1', seed: 7 })).status).toBe(201)
})

test('nothing of a picture tells what else came from there', async () => {
  const [first, second] = [
    await upload({ from: '203.0.113.12', seed: 1 }),
    await upload({ from: '203.0.113.12', seed: 1 }),
  ]
  expect(second.status).toBe(201)
  expect(second.body.id).not.toBe(first.body.id)
  const { owner_uid: owner, key } = first.body
  expect([owner, key.split('/')[1]]).toEqual(['anonymous', 'anonymous'])
  const stored = await app.metadata.images.find(first.body.id)
  const info = await (await app.fetch(`http://images.test/api/v1/image/${first.body.id}/info`)).text()
  const redirect = await app.fetch(`http://images.test/api/v1/image/${first.body.id}`)
  expect(`${info} ${redirect.headers.get('location')}`).not.toContain(stored?.ownerUid)
  expect(info).not.toContain('203.0.113.12')
})

test.each([
  ['private', '?visibility=private', 'visibility'],
  ['kept for longer', `?expires_in=${3 * dayOfSeconds}`, 'expires_in'],
])('a picture without an owner can not be %s', async (_, query, field) => {
  const { status, body } = await upload({ query })
  expect(status).toBe(400)
  expect(body.error).toMatchObject({ code: 'validation', details: { field } })
})

describe('what does not open anything is not nothing', () => {
  test.each([
    ['a key that is none', { 'x-api-key': 'ih_nonsense' }],
    ['a key that is too long', { 'x-api-key': 'x'.repeat(2_000) }],
    ['another way to log in', { authorization: 'Basic YTpi' }],
    ['a session that has ended', { cookie: 'imagehost=ih_old', 'sec-fetch-site': 'same-origin' }],
  ])('%s', async (_, headers) => {
    expect(await upload({ headers })).toMatchObject({ status: 401, body: { error: { code: 'auth' } } })
  })
})

test('a page elsewhere may not use its visitors, unless the operator allows that site', async () => {
  const elsewhere = { origin: 'https://elsewhere.example', 'sec-fetch-site': 'cross-site' }
  expect(await upload({ headers: elsewhere })).toMatchObject({ status: 403, body: { error: { code: 'cross_origin' } } })
  const friend = { origin: 'https://friend.example', 'sec-fetch-site': 'cross-site' }
  expect((await upload({ from: '203.0.113.13', headers: friend })).status).toBe(201)
})

test('a guest can do nothing else', async () => {
  const calls = ['/me', '/me/images', '/me/usage', '/me/keys']
  for (const path of calls) expect((await app.fetch(`http://images.test/api/v1${path}`)).status, path).toBe(401)
})

test('two strangers behind one address who name their requests alike get each their own picture', async () => {
  const headers = { 'idempotency-key': 'upload-1' }
  const first = await upload({ from: '203.0.113.14', headers })
  const second = await upload({ from: '203.0.113.14', seed: 2, headers })
  expect(second.body.id).not.toBe(first.body.id)
})

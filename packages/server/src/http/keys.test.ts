import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let user: TestUser
beforeAll(async () => {
  app = await startTestApp()
  user = await app.user()
})
afterAll(() => app.stop())

const create = (owner: TestUser, body: Parameters<TestUser['client']['keys']['create']>[0]['body']) =>
  owner.client.keys.create({ body })

test('a key is shown once; the list has all but the key', async () => {
  const { key, ...shown } = await create(user, { name: 'ShareX', scopes: ['upload'] })
  expect(key).toMatch(/^ih_/)
  const { items } = await user.client.keys.list()
  expect(items).toContainEqual(shown)
  expect(JSON.stringify(items)).not.toContain(key)
  expect(items.filter(({ current }) => current)).toMatchObject([{ kind: 'login' }])
})

test('a key that may only upload uploads, and does nothing else', async () => {
  const { key } = await create(user, { name: 'camera', scopes: ['upload'] })
  const client = app.client(key)
  const image = await uploadPicture(app, { apiKey: key }, await pictures.png({ seed: 1 }))
  await client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png' } })
  const others = [
    client.images.list(),
    client.images.delete({ params: { id: image.id } }),
    client.keys.list(),
    client.keys.create({ body: { name: 'more', scopes: ['upload'] } }),
    client.accounts.me(),
  ]
  for (const outcome of await Promise.allSettled(others)) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'insufficient_scope', status: 403 } })
  }
})

test('no key makes one that may do more than itself', async () => {
  const { key } = await create(user, { name: 'narrow', scopes: ['account', 'images:read'] })
  const narrow = app.client(key)
  for (const scope of ['images:write', 'images:delete', 'upload', 'admin'] as const) {
    await expect(narrow.keys.create({ body: { name: 'wide', scopes: ['images:read', scope] } })).rejects.toMatchObject({
      code: 'insufficient_scope',
      details: { scope },
    })
  }
  await expect(narrow.keys.create({ body: { name: 'same', scopes: ['images:read'] } })).resolves.toBeDefined()
  await expect(create(user, { name: 'admin', scopes: ['admin'] })).rejects.toMatchObject({ code: 'insufficient_scope' })
})

test('a revoked key opens nothing, here at once and elsewhere within a second', async () => {
  const { key, id } = await create(user, { name: 'lost', scopes: ['images:read'] })
  await app.client(key).images.list()
  await user.client.keys.delete({ params: { kid: id } })
  await expect(app.client(key).images.list()).rejects.toMatchObject({ code: 'auth' })
  await expect(user.client.keys.delete({ params: { kid: id } })).rejects.toMatchObject({ code: 'not_found' })
})

test('a key ends when it was said to', async () => {
  const now = (await create(user, { name: 'now', scopes: ['images:read'] })).created_at!
  await expect(create(user, { name: 'past', scopes: ['images:read'], expires_at: now })).rejects.toMatchObject({
    code: 'validation',
    details: { field: 'body.expires_at' },
  })
  const { key } = await create(user, { name: 'hour', scopes: ['images:read'], expires_at: now + 3600 })
  app.pass(3599)
  await expect(app.client(key).images.list()).resolves.toBeDefined()
  app.pass(1)
  await expect(app.client(key).images.list()).rejects.toMatchObject({ code: 'auth' })
  const { items } = await user.client.keys.list()
  expect(items.map(({ name }) => name)).not.toContain('hour')
})

test('the last use is noted, at most once a minute', async () => {
  const { key, id } = await create(user, { name: 'used', scopes: ['images:read'] })
  const lastUse = async () => (await user.client.keys.list()).items.find((item) => item.id === id)?.last_used_at
  expect(await lastUse()).toBeUndefined()
  await app.client(key).images.list()
  const first = await lastUse()
  app.pass(59)
  await app.client(key).images.list()
  expect(await lastUse()).toBe(first)
  app.pass(2)
  await app.client(key).images.list()
  expect(await lastUse()).toBe(first! + 61)
})

test('keys of others are not there', async () => {
  const stranger = await app.user()
  const { id } = await create(user, { name: 'mine', scopes: ['upload'] })
  await expect(stranger.client.keys.delete({ params: { kid: id } })).rejects.toMatchObject({ code: 'not_found' })
  expect((await stranger.client.keys.list()).items.map((item) => item.id)).not.toContain(id)
})

describe('malformed', () => {
  test.each([
    [{ name: '', scopes: ['upload'] }],
    [{ name: 'x', scopes: [] }],
    [{ name: 'x', scopes: ['everything'] }],
    [{ name: 'x', scopes: ['upload', 'upload'] }],
    [{ name: 'x', scopes: ['upload'], expires_at: '1' }],
  ])('%j is refused', (body) => expect(create(user, body as never)).rejects.toMatchObject({ code: 'validation' }))
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askAsPage, cookieOf } from '../testing/ask-as-page.ts'
import { newAdministrator } from '../testing/new-administrator.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let admin: TestUser
beforeAll(async () => {
  app = await startTestApp({ QUOTA_IMAGES: '5' })
  admin = await newAdministrator(app)
})
afterAll(() => app.stop())

const password = 'correct horse battery'

async function register(username: string) {
  const { api_key: apiKey } = await app.client().accounts.register({ body: { username, password } })
  const client = app.client(apiKey)
  const { uid } = await client.accounts.me()
  return { apiKey, client, uid }
}

type Changes = Parameters<TestUser['client']['users']['update']>[0]['body']
const update = (uid: string, body: Changes) => admin.client.users.update({ params: { uid }, body })

/** The names that begin so, from all pages. */
async function named(q: string, limit: number): Promise<string[]> {
  const names: string[] = []
  let cursor: string | undefined
  do {
    const page = await admin.client.users.list({ query: { q, limit, ...(cursor && { cursor }) } })
    names.push(...page.items.map(({ username }) => username))
    cursor = page.next_cursor
  } while (cursor)
  return names
}

describe('the list', () => {
  test('is searched by the beginning of names in any case, page by page', async () => {
    for (const name of ['list-b', 'list-a', 'list-ab', 'other', 'list']) await register(name)
    for (const limit of [1, 2, 50]) {
      expect(await named('LIST', limit)).toEqual(['list', 'list-a', 'list-ab', 'list-b'])
      expect(await named('list-a', limit)).toEqual(['list-a', 'list-ab'])
    }
    expect(await named('nobody', 50)).toEqual([])
    expect(await named('', 3)).toEqual(expect.arrayContaining(['list', 'other', 'list-b']))
  })

  test('says of each what it holds and may, and no secret', async () => {
    const user = await register('holder')
    const image = await uploadPicture(app, user, await pictures.png({ seed: 1 }))
    const expected = {
      uid: user.uid,
      username: 'holder',
      created_at: Math.floor(app.now() / 1000),
      role: 'user',
      disabled: false,
      quota: {},
      usage: { images: 1, bytes: image.size, drafts: 0, reserved_bytes: 0, max_drafts: 100, max_images: 5 },
    }
    expect(await admin.client.users.get({ params: { uid: user.uid } })).toEqual(expected)
    expect((await admin.client.users.list({ query: { q: 'holder' } })).items).toEqual([expected])
  })

  test('is for administrators only', async () => {
    const { client, uid } = await register('curious')
    const refusal = { code: 'insufficient_scope' }
    await expect(client.users.list()).rejects.toMatchObject(refusal)
    await expect(client.users.get({ params: { uid } })).rejects.toMatchObject(refusal)
    await expect(client.users.update({ params: { uid }, body: { role: 'admin' } })).rejects.toMatchObject(refusal)
    await expect(client.users.usage()).rejects.toMatchObject(refusal)
  })
})

test('a disabled account gets in nowhere, by key, session or login, until it is enabled', async () => {
  const user = await register('naughty')
  const cookie = cookieOf(await askAsPage(app, 'POST', '/session', { body: { username: 'naughty', password } }))
  expect((await askAsPage(app, 'GET', '/me', { cookie })).status).toBe(200)
  await user.client.accounts.me()
  expect(await update(user.uid, { disabled: true })).toMatchObject({ disabled: true, username: 'naughty' })
  await expect(user.client.accounts.me()).rejects.toMatchObject({ code: 'auth' })
  expect((await askAsPage(app, 'GET', '/me', { cookie })).status).toBe(401)
  const login = () => app.client().accounts.login({ body: { username: 'naughty', password } })
  await expect(login()).rejects.toMatchObject({ code: 'auth' })
  expect(await update(user.uid, { disabled: false })).toMatchObject({ disabled: false })
  await expect(login()).resolves.toBeDefined()
})

test('the role is given and taken, and what a key may do follows at once', async () => {
  const user = await register('deputy')
  await update(user.uid, { role: 'admin' })
  expect(await user.client.accounts.me()).toMatchObject({ role: 'admin' })
  await expect(user.client.users.list()).resolves.toBeDefined()
  await update(user.uid, { role: 'user' })
  await expect(user.client.users.list()).rejects.toMatchObject({ code: 'insufficient_scope' })
})

test.each([[{ role: 'user' }], [{ disabled: true }]] as const)(
  'nobody takes the administration from themselves: %j',
  async (changes) => {
    await expect(update(admin.uid, changes)).rejects.toMatchObject({ code: 'forbidden', status: 403 })
    await expect(admin.client.users.list()).resolves.toBeDefined()
  },
)

test('a quota of its own goes before that of the server, also above it, and null takes it back', async () => {
  const user = await register('collector')
  const usage = () => user.client.images.usage()
  await update(user.uid, { quota: { images: 1, bytes: 100_000, drafts: 2 } })
  expect(await usage()).toMatchObject({ max_images: 1, max_bytes: 100_000, max_drafts: 2 })
  await uploadPicture(app, user, await pictures.png({ seed: 1 }))
  const second = await pictures.png({ seed: 2 })
  await expect(uploadPicture(app, user, second)).rejects.toMatchObject({
    code: 'quota_exceeded',
    details: { images: 1, max_images: 1 },
  })
  expect(await update(user.uid, { quota: { images: null } })).toMatchObject({ quota: { bytes: 100_000, drafts: 2 } })
  await expect(uploadPicture(app, user, second)).resolves.toBeDefined()
  await update(user.uid, { quota: { images: 0, bytes: 0 } })
  expect(await usage()).not.toHaveProperty('max_images')
  const draft = { body: { filename: 'a.png', mime_type: 'image/png' } }
  await user.client.uploads.request(draft)
  await user.client.uploads.request(draft)
  await expect(user.client.uploads.request(draft)).rejects.toMatchObject({
    code: 'too_many_drafts',
    details: { max: 2 },
  })
})

test('an account is deleted with all that it owns, and by nobody of their own', async () => {
  const user = await register('leaver')
  const image = await uploadPicture(app, user, await pictures.png({ seed: 40 }))
  const params = { uid: user.uid }
  await expect(user.client.users.delete({ params })).rejects.toMatchObject({ code: 'insufficient_scope' })
  expect(await admin.client.users.delete({ params })).toEqual({ status: 'deleted', uid: user.uid })
  await expect(user.client.images.list()).rejects.toMatchObject({ code: 'auth' })
  expect((await app.fetch(image.url)).status).toBe(404)
  expect(await app.blobs.stat(image.key)).toBeUndefined()
  await expect(admin.client.users.get({ params })).rejects.toMatchObject({ code: 'not_found' })
  await expect(admin.client.users.delete({ params })).resolves.toBeDefined()
  app.pass(120)
  await app.sweeper.sweep()
  await expect(admin.client.users.delete({ params })).rejects.toMatchObject({ code: 'not_found' })
  const own = admin.client.users.delete({ params: { uid: admin.uid } })
  await expect(own).rejects.toMatchObject({ code: 'forbidden' })
})

test('an unknown uid is 404', async () => {
  await expect(admin.client.users.get({ params: { uid: 'u_nobody' } })).rejects.toMatchObject({ code: 'not_found' })
  await expect(update('u_nobody', { disabled: true })).rejects.toMatchObject({ code: 'not_found' })
})

test('the sum of all is counted once a minute', async () => {
  const other = await startTestApp()
  const { client } = await newAdministrator(other)
  const users = await Promise.all(Array.from({ length: 3 }, () => other.user()))
  let bytes = 0
  for (const [seed, user] of users.entries())
    bytes += (await uploadPicture(other, user, await pictures.png({ seed }))).size ?? 0
  const counted_at = Math.floor(other.now() / 1000)
  const total = { accounts: 4, images: 3, bytes, counted_at, metadata: 'sqlite', storage: 'filesystem' }
  const found = await client.users.usage()
  expect(found).toMatchObject(total)
  expect(found.free_disk_bytes).toBeGreaterThan(0)
  await other.user()
  other.pass(59)
  expect(await client.users.usage()).toMatchObject(total)
  other.pass(1)
  expect(await client.users.usage()).toMatchObject({ ...total, accounts: 5, counted_at: counted_at + 60 })
  await other.stop()
})

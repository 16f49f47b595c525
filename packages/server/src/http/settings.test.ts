import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAdministrator } from '../testing/new-administrator.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let admin: TestUser
beforeAll(async () => {
  app = await startTestApp({ QUOTA_IMAGES: '7', DEFAULT_VISIBILITY: 'public' })
  admin = await newAdministrator(app)
})
afterAll(() => app.stop())

type Changes = Parameters<TestUser['client']['settings']['update']>[0]['body']['settings']
const set = (settings: Changes) => admin.client.settings.update({ body: { settings } })

const defaults = {
  registration: 'open',
  default_visibility: 'public',
  read_only: false,
  quota_bytes: 0,
  quota_images: 7,
  quota_drafts: 100,
} as const

test('what is set counts, the rest is as the environment says, and null takes one back', async () => {
  expect(await admin.client.settings.get()).toEqual({ settings: defaults, defaults })
  const changed = { settings: { ...defaults, quota_images: 0, registration: 'closed' }, defaults }
  expect(await set({ quota_images: 0, registration: 'closed' })).toEqual(changed)
  expect(await admin.client.settings.get()).toEqual(changed)
  expect(await set({ quota_images: null, registration: null })).toEqual({ settings: defaults, defaults })
})

test.each([
  [{ theme_song: 'x' }],
  [{ registration: 'maybe' }],
  [{ quota_bytes: -1 }],
  [{ quota_drafts: 0 }],
  [{ quota_images: '7' }],
])('%j is refused, and nothing is changed', async (settings) => {
  await expect(set(settings as Changes)).rejects.toMatchObject({ code: 'validation' })
  expect((await admin.client.settings.get()).settings).toEqual(defaults)
})

test('nobody else reads or changes them', async () => {
  const { client } = await app.user()
  const refusal = { code: 'insufficient_scope', details: { scope: 'admin' } }
  await expect(client.settings.get()).rejects.toMatchObject(refusal)
  await expect(client.settings.update({ body: { settings: {} } })).rejects.toMatchObject(refusal)
})

test('uploads follow: visibility, quota and open drafts', async () => {
  const user = await app.user()
  expect((await uploadPicture(app, user, await pictures.png({ seed: 1 }))).visibility).toBe('public')
  await set({ default_visibility: 'private', quota_images: 2, quota_drafts: 3 })
  expect((await uploadPicture(app, user, await pictures.png({ seed: 2 }))).visibility).toBe('private')
  expect(await user.client.images.usage()).toMatchObject({ images: 2, max_images: 2, max_drafts: 3 })
  await expect(uploadPicture(app, user, await pictures.png({ seed: 3 }))).rejects.toMatchObject({
    code: 'quota_exceeded',
  })
  await set({ quota_images: 0, default_visibility: null })
  const third = await uploadPicture(app, user, await pictures.png({ seed: 3 }))
  expect(third.visibility).toBe('public')
  expect(await user.client.images.usage()).not.toHaveProperty('max_images')
  await set({ quota_images: null, quota_drafts: null })
})

test('registration follows', async () => {
  const register = (username: string) =>
    app.client().accounts.register({ body: { username, password: 'correct horse battery' } })
  await set({ registration: 'closed' })
  await expect(register('alice')).rejects.toMatchObject({ code: 'registration_closed' })
  await set({ registration: null })
  await expect(register('alice')).resolves.toBeDefined()
})

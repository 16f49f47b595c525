import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
beforeAll(async () => {
  app = await startTestApp()
  owner = await app.user()
})
afterAll(() => app.stop())

const statuses = (id: string, apiKey: string) =>
  Promise.all(
    [`/i/${id}`, `/api/v1/image/${id}`, `/api/v1/image/${id}/info`].map(async (path) => {
      const answer = await app.fetch(`http://images.test${path}`, { headers: { 'x-api-key': apiKey } })
      return answer.status
    }),
  )

test('an image that expires is gone in that second at every address, and its bytes with the next sweep', async () => {
  const image = await uploadPicture(app, owner, await pictures.png({ seed: 1 }), { expires_in: 60 })
  expect(image.expires_at).toBe(image.created_at + 60)
  app.pass(59)
  expect(await statuses(image.id, owner.apiKey)).toEqual([200, 302, 200])
  app.pass(1)
  expect(await statuses(image.id, owner.apiKey)).toEqual([404, 404, 404])
  expect((await owner.client.images.list()).items).toEqual([])
  await expect(owner.client.images.delete({ params: { id: image.id } })).rejects.toMatchObject({ code: 'not_found' })
  app.pass(2)
  await app.sweeper.sweep()
  expect(await app.blobs.stat(image.key)).toBeUndefined()
  expect(await owner.client.images.usage()).toMatchObject({ images: 0, bytes: 0 })
})

test('a direct upload expires as its request asked for', async () => {
  const body = { filename: 'a.png', mime_type: 'image/png', expires_in: 120 }
  const { iid, presigned_url } = await owner.client.uploads.request({ body })
  const bytes = new Uint8Array(await pictures.png({ seed: 2 }))
  await app.fetch(presigned_url, { method: 'PUT', headers: { 'content-type': 'image/png' }, body: bytes })
  app.pass(10)
  const image = await owner.client.uploads.complete({ body: { iid } })
  expect(image.expires_at).toBe(image.created_at + 120)
})

test('its owner may prolong it, or let it stay', async () => {
  const image = await uploadPicture(app, owner, await pictures.png({ seed: 3 }), { expires_in: 60 })
  const params = { id: image.id }
  const later = await owner.client.images.update({ params, body: { expires_at: image.created_at + 600 } })
  expect(later.expires_at).toBe(image.created_at + 600)
  app.pass(120)
  await app.sweeper.sweep()
  expect(await statuses(image.id, owner.apiKey)).toEqual([200, 302, 200])
  const lasting = await owner.client.images.update({ params, body: { expires_at: null } })
  expect(lasting).not.toHaveProperty('expires_at')
  app.pass(900)
  await app.sweeper.sweep()
  expect(await statuses(image.id, owner.apiKey)).toEqual([200, 302, 200])
})

test('an expiry in the past is refused, and nothing changes', async () => {
  const image = await uploadPicture(app, owner, await pictures.png({ seed: 4 }))
  const update = owner.client.images.update({ params: { id: image.id }, body: { expires_at: image.created_at } })
  await expect(update).rejects.toMatchObject({ code: 'validation', details: { field: 'body.expires_at' } })
  expect(await statuses(image.id, owner.apiKey)).toEqual([200, 302, 200])
})

test('the same picture is stored again where one of the two expires', async () => {
  const bytes = await pictures.png({ seed: 5 })
  const lasting = await uploadPicture(app, owner, bytes)
  const passing = await uploadPicture(app, owner, bytes, { expires_in: 60 })
  expect(passing.id).not.toBe(lasting.id)
})

describe('where the operator has set a default and a maximum', () => {
  let strict: TestApp
  beforeAll(async () => {
    strict = await startTestApp({ EXPIRES_IN_DEFAULT: '3600', EXPIRES_IN_MAX: '7200' })
  })
  afterAll(() => strict.stop())

  test('an upload that says nothing has the default, and one that asks for more is told the maximum', async () => {
    const user = await strict.user()
    const image = await uploadPicture(strict, user, await pictures.png({ seed: 6 }))
    expect(image.expires_at).toBe(image.created_at + 3600)
    const longer = uploadPicture(strict, user, await pictures.png({ seed: 7 }), { expires_in: 7201 })
    await expect(longer).rejects.toMatchObject({ code: 'validation', details: { max_seconds: 7200 } })
    const forEver = user.client.images.update({ params: { id: image.id }, body: { expires_at: null } })
    await expect(forEver).rejects.toMatchObject({ code: 'validation', details: { max_seconds: 7200 } })
  })
})

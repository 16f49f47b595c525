import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
beforeAll(async () => {
  app = await startTestApp({ TRASH_DAYS: '10' })
  owner = await app.user()
})
afterAll(() => app.stop())

const upload = async (seed: number) => uploadPicture(app, owner, await pictures.png({ seed }))
const get = (path: string) => app.fetch(`http://images.test${path}`, { headers: { 'x-api-key': owner.apiKey } })
const statuses = (id: string) =>
  Promise.all(
    [`/i/${id}`, `/api/v1/image/${id}`, `/api/v1/image/${id}/info`].map(async (path) => (await get(path)).status),
  )

test('what goes to the trash is gone at every address, presigned ones too, and comes back as it was', async () => {
  const image = await upload(1)
  const params = { id: image.id }
  const presigned = (await get(`/api/v1/image/${image.id}`)).headers.get('location')!
  expect((await app.fetch(presigned)).status).toBe(200)
  const bytes = Buffer.from(await (await get(`/i/${image.id}`)).arrayBuffer())

  const trashed = await owner.client.trash.put({ params })
  expect(trashed).toEqual({ status: 'trashed', id: image.id, purged_at: Math.floor(app.now() / 1000) + 10 * 86_400 })
  expect(await statuses(image.id)).toEqual([404, 404, 404])
  expect((await app.fetch(presigned)).status).toBe(404)
  expect(await app.blobs.stat(image.key)).toBeUndefined()
  expect((await owner.client.images.list()).items).toEqual([])
  expect((await owner.client.trash.list()).items).toMatchObject([{ id: image.id, purged_at: trashed.purged_at }])
  expect(await owner.client.images.usage()).toMatchObject({ images: 1, bytes: image.size })

  const restored = await owner.client.trash.restore({ params })
  expect({ ...restored, key: '' }).toEqual({ ...image, key: '', delete_url: undefined })
  expect(await statuses(image.id)).toEqual([200, 302, 200])
  expect(Buffer.from(await (await get(`/i/${image.id}`)).arrayBuffer()).equals(bytes)).toBe(true)
  // The address of the old place stays without anything behind it.
  expect((await app.fetch(presigned)).status).toBe(404)
  expect((await owner.client.trash.list()).items).toEqual([])
  await owner.client.images.delete({ params })
  expect(await app.blobs.stat(restored.key)).toBeUndefined()
})

test('what lies there long enough goes for good', async () => {
  const image = await upload(2)
  await owner.client.trash.put({ params: { id: image.id } })
  app.pass(10 * 86_400 - 1)
  await app.sweeper.sweep()
  expect((await owner.client.trash.list()).items).toHaveLength(1)
  app.pass(3)
  await app.sweeper.sweep()
  expect((await owner.client.trash.list()).items).toEqual([])
  expect(await owner.client.images.usage()).toMatchObject({ images: 0, bytes: 0 })
  await expect(owner.client.trash.restore({ params: { id: image.id } })).rejects.toMatchObject({ code: 'not_found' })
})

test('what lies in the trash can be deleted for good, one by one and all at once', async () => {
  const [first, second, third] = [await upload(3), await upload(4), await upload(5)]
  for (const { id } of [first, second, third]) await owner.client.trash.put({ params: { id } })
  await owner.client.images.delete({ params: { id: first.id } })
  await expect(owner.client.images.delete({ params: { id: first.id } })).rejects.toMatchObject({ code: 'not_found' })
  expect(await owner.client.trash.empty()).toEqual({ deleted: 2, is_empty: true })
  expect(await owner.client.images.usage()).toMatchObject({ images: 0, bytes: 0 })
})

test('nobody else puts, restores or deletes what lies there, or learns of it', async () => {
  const stranger = (await app.user()).client
  const { id } = await upload(6)
  const params = { id }
  await expect(stranger.trash.put({ params })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(stranger.trash.restore({ params })).rejects.toMatchObject({ code: 'not_found' })
  await owner.client.images.update({ params, body: { visibility: 'private' } })
  await owner.client.trash.put({ params })
  for (const call of [
    stranger.trash.restore({ params }),
    stranger.images.delete({ params }),
    stranger.trash.put({ params }),
  ])
    await expect(call).rejects.toMatchObject({ code: 'not_found' })
  await owner.client.trash.empty()
})

test('a move that a crash interrupted is finished by the sweeper, live or in the trash', async () => {
  const [image, other] = [await upload(7), await upload(8)]
  const now = Math.floor(app.now() / 1000)
  const keyOf = (id: string) => `uploads/${owner.uid}/${id}/elsewhere/a.png`
  // As if the server had died right after the record was changed, and another one right after the copy.
  await app.metadata.trash.put(image.id, now, keyOf(image.id))
  await app.metadata.trash.put(other.id, now, keyOf(other.id))
  await app.blobs.copy(other.key, keyOf(other.id))
  await app.metadata.trash.changeKey(other.id, keyOf(other.id))
  await app.metadata.trash.restore(other.id)
  app.pass(61)
  await app.sweeper.sweep()
  for (const { key } of [image, other]) expect(await app.blobs.stat(key)).toBeUndefined()
  for (const { id } of [image, other]) expect(await app.blobs.stat(keyOf(id))).toBeDefined()
  expect(await app.metadata.trash.listMoves({ before: now + 1e6, limit: 9 })).toEqual([])
  expect(await statuses(other.id)).toEqual([200, 302, 200])
  await owner.client.trash.restore({ params: { id: image.id } })
  expect(await statuses(image.id)).toEqual([200, 302, 200])
})

test('an image that expires does so in the trash too', async () => {
  const passing = await uploadPicture(app, owner, await pictures.png({ seed: 9 }), { expires_in: 60 })
  await owner.client.trash.put({ params: { id: passing.id } })
  app.pass(61)
  await expect(owner.client.trash.restore({ params: { id: passing.id } })).rejects.toMatchObject({ code: 'not_found' })
  expect((await owner.client.trash.list()).items).toEqual([])
})

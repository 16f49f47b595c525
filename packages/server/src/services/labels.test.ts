import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { maxLabelLength } from '../ports/blob-store.ts'
import type { ImageRecord } from '../ports/images.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'
import { createLabels, type Labels } from './labels.ts'
import { createSealing } from './sealing.ts'
import { labelKey } from './storage-key.ts'

let app: TestApp
let user: TestUser
let labels: Labels
beforeAll(async () => {
  app = await startTestApp()
  user = await app.user()
  labels = createLabels({ sealing: newSealing(), blobs: app.blobs, images: app.metadata.images })
})
afterAll(() => app.stop())

const newSealing = () => createSealing({ current: randomBytes(32), previous: [] })

/** An image of this house, its bytes labelled as whoever is tested here does it. */
async function labelled(changes: Partial<ImageRecord> = {}): Promise<ImageRecord> {
  const { id } = await uploadPicture(app, user, await pictures.jpeg({ seed: seed++ }))
  const image = { ...(await app.metadata.images.find(id))!, ...changes }
  const bytes = (await app.blobs.read(image.key, 1_000_000))!
  const put = { contentType: image.mime, size: bytes.length, label: labels.seal(image) }
  await app.blobs.put(image.key, bytes, put)
  return image
}
let seed = 0

const openKeys = async () => (await Array.fromAsync(app.blobs.list('labels/'))).map(({ key }) => key)

test('a label tells the whole record, and the bytes alone tell nothing of it', async () => {
  const image = await labelled({ title: 'Grüße', visibility: 'private', takenAt: 5, camera: 'Box', views: 0 })
  expect(await labels.find(image)).toEqual(image)
  const label = (await app.blobs.findLabel(image.key))!
  expect(label).toMatch(/^[\w-]+$/)
  for (const word of ['private', 'Box', image.sha256!])
    expect(Buffer.from(label, 'base64url').includes(word)).toBe(false)
})

test('what does not fit goes without, tags first and the name last, and what decides who sees it stays', async () => {
  const [title, originalFilename] = ['т'.repeat(300), '雪'.repeat(255)]
  const tags = Array.from({ length: 50 }, (_, n) => `${n} ${'x'.repeat(90)}`)
  const image = await labelled({ title, originalFilename, tags, visibility: 'private', expiresAt: 2_000_000_000 })
  expect((await app.blobs.findLabel(image.key))!.length).toBeLessThanOrEqual(maxLabelLength)
  const { tags: _, title: __, ...rest } = image
  expect(await labels.find(image)).toEqual(rest)
})

test('what is changed later counts, whoever else changes it at the same time', async () => {
  const { id, ...image } = await labelled()
  await Promise.all(
    Array.from({ length: 16 }, async (_, n) => {
      const visibility = n % 2 === 0 ? 'private' : 'public'
      await labels.write((await app.metadata.images.update(id, { title: `title ${n}`, visibility }))!)
    }),
  )
  expect(await labels.find({ ...image, id })).toEqual({ ...(await app.metadata.images.find(id)), views: 0 })
})

test('an image that went meanwhile leaves no label of a change behind', async () => {
  const image = await labelled()
  const changed = (await app.metadata.images.update(image.id, { title: 'late' }))!
  await user.client.images.delete({ params: { id: image.id } })
  await labels.write(changed)
  expect(await openKeys()).not.toContain(labelKey(image))
})

test('a change that cannot be read leaves nothing that is known for sure', async () => {
  const image = await labelled({ visibility: 'public' })
  const body = Buffer.from(labels.seal({ ...image, id: 'img_other' }))
  await app.blobs.put(labelKey(image), body, { contentType: 'text/plain', size: body.length })
  expect(await labels.find(image)).toBeUndefined()
})

test('the label of one image says nothing on another, nor that of another server', async () => {
  const [image, other] = [await labelled(), await labelled()]
  const label = (await app.blobs.findLabel(other.key))!
  await app.blobs.put(image.key, Buffer.alloc(1), { contentType: image.mime, size: 1, label })
  expect(await labels.find(image)).toBeUndefined()
  const elsewhere = createLabels({ sealing: newSealing(), blobs: app.blobs, images: app.metadata.images })
  expect(await elsewhere.find(other)).toBeUndefined()
})

test('what has another label than it should is settled, and what has the right one is left as it is', async () => {
  const image = await labelled()
  await labels.settle(image)
  expect(await openKeys()).not.toContain(labelKey(image))
  await labels.settle({ ...image, visibility: 'private' })
  expect((await labels.find(image))?.visibility).toBe('private')
})

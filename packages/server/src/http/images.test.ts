import { existsSync } from 'node:fs'
import path from 'node:path'
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

const url = (id: string) => `http://images.test/api/v1/image/${id}`

describe('the list', () => {
  test('is paged, newest first, each image once', async () => {
    const owner = await app.user()
    const ids: string[] = []
    for (let seed = 0; seed < 7; seed++) {
      ids.unshift((await uploadPicture(app, owner, await pictures.png({ seed }), { allow_duplicate: true })).id)
      app.pass(1)
    }
    const seen: string[] = []
    let cursor: string | undefined
    do {
      const page = await owner.client.images.list({ query: { limit: 3, ...(cursor && { cursor }) } })
      expect(page.items.length).toBeLessThanOrEqual(3)
      seen.push(...page.items.map(({ id }) => id))
      cursor = page.next_cursor
    } while (cursor)
    expect(seen).toEqual(ids)
  })

  test('holds nothing of anybody else', async () => {
    await uploadPicture(app, user, await pictures.png({ seed: 50 }))
    expect(await (await app.user()).client.images.list()).toEqual({ items: [] })
  })

  test('has the fields of the Flask project with the types of its data model', async () => {
    const { items } = await user.client.images.list()
    expect(items[0]).toMatchObject({
      id: expect.stringMatching(/^img_[0-9A-Za-z]{16}$/),
      owner_uid: user.uid,
      key: expect.stringContaining(`uploads/${user.uid}/`),
      url: expect.stringMatching(/^http:\/\/images\.test\/i\//),
      filename: expect.any(String),
      mime: 'image/png',
      private: 0,
      created_at: expect.any(Number),
      views: 0,
    })
  })
})

test('usage says what an account holds, and what it may', async () => {
  const limited = await startTestApp({ QUOTA_BYTES: '1M', QUOTA_IMAGES: '5' })
  const owner = await limited.user()
  const first = await uploadPicture(limited, owner, await pictures.png({ seed: 60 }))
  const second = await uploadPicture(limited, owner, await pictures.png({ seed: 61 }))
  await owner.client.images.delete({ params: { id: first.id } })
  expect(await owner.client.images.usage()).toEqual({
    images: 1,
    bytes: second.size,
    drafts: 0,
    reserved_bytes: 0,
    max_drafts: 100,
    max_images: 5,
    max_bytes: 1_048_576,
  })
  expect(await (await app.user()).client.images.usage()).toMatchObject({ images: 0, bytes: 0 })
  await owner.client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png', size: 1_000 } })
  expect(await owner.client.images.usage()).toMatchObject({ images: 1, drafts: 1, reserved_bytes: 1_000 })
  await limited.stop()
})

describe('the redirect', () => {
  test('leads to the bytes, with the type that was found', async () => {
    const image = await uploadPicture(app, user, await pictures.webp({ seed: 51 }))
    const response = await app.fetch(url(image.id), { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const bytes = await app.fetch(response.headers.get('location')!)
    expect({ status: bytes.status, type: bytes.headers.get('content-type') }).toEqual({
      status: 200,
      type: 'image/webp',
    })
  })

  test('to a private image is for its owner only', async () => {
    const image = await uploadPicture(app, user, await pictures.webp({ seed: 52 }), { visibility: 'private' })
    expect((await app.fetch(url(image.id))).status).toBe(404)
    expect((await app.fetch(url(image.id), { headers: { 'x-api-key': user.apiKey } })).status).toBe(302)
    expect((await app.fetch(url(image.id), { headers: { authorization: `Bearer ${user.apiKey}` } })).status).toBe(302)
  })

  test('leads to the public address of the storage where there is one, but never for a private image', async () => {
    const other = await startTestApp({ S3_PUBLIC_URL: 'https://cdn.example.org/pictures' })
    const owner = await other.user()
    const locationOf = async (visibility: 'unlisted' | 'private') => {
      const { id, key } = await uploadPicture(other, owner, await pictures.webp({ seed: 58 }), { visibility })
      const response = await other.fetch(url(id), { headers: { 'x-api-key': owner.apiKey } })
      return { key, location: response.headers.get('location') }
    }
    const { key, location } = await locationOf('unlisted')
    expect(location).toBe(`https://cdn.example.org/pictures/${key}`)
    expect((await locationOf('private')).location).toMatch(/^http:\/\/images\.test\/storage\/.*signature=/)
    await other.stop()
  })

  test('counts a view, which the list shows once it is written', async () => {
    const image = await uploadPicture(app, user, await pictures.webp({ seed: 53 }))
    for (let i = 0; i < 3; i++) await app.fetch(url(image.id))
    await app.fetch(url(image.id), { method: 'HEAD' })
    await app.views.flush()
    const { items } = await user.client.images.list({ query: { limit: 200 } })
    expect(items.find(({ id }) => id === image.id)?.views).toBe(3)
  })
})

describe('deleting', () => {
  test('ends every address at once, removes the bytes, and is 404 when repeated', async () => {
    const image = await uploadPicture(app, user, await pictures.webp({ seed: 54 }))
    const location = (await app.fetch(url(image.id))).headers.get('location')!
    expect((await app.fetch(image.url)).status).toBe(200)
    expect(await user.client.images.delete({ params: { id: image.id } })).toEqual({ status: 'deleted', id: image.id })
    for (const address of [image.url, url(image.id), location]) expect((await app.fetch(address)).status).toBe(404)
    expect(existsSync(path.join(app.directory, 'blobs', image.key))).toBe(false)
    expect((await user.client.images.list({ query: { limit: 200 } })).items.map(({ id }) => id)).not.toContain(image.id)
    await expect(user.client.images.delete({ params: { id: image.id } })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('works as the Flask project’s page asks for it: JSON content type and no body', async () => {
    const image = await uploadPicture(app, user, await pictures.webp({ seed: 55 }))
    const response = await app.fetch(url(image.id), {
      method: 'DELETE',
      headers: { 'x-api-key': user.apiKey, 'content-type': 'application/json' },
    })
    expect({ status: response.status, body: await response.json() }).toEqual({
      status: 200,
      body: { status: 'deleted', id: image.id },
    })
  })

  test('of many who delete at once, one does it and the image is counted out once', async () => {
    const owner = await app.user()
    const image = await uploadPicture(app, owner, await pictures.webp({ seed: 56 }))
    const outcomes = await Promise.allSettled(
      Array.from({ length: 16 }, () => owner.client.images.delete({ params: { id: image.id } })),
    )
    expect(outcomes.some(({ status }) => status === 'fulfilled')).toBe(true)
    expect(await app.metadata.images.usage(owner.uid)).toEqual({ images: 0, bytes: 0 })
  })

  test('views counted before it do not bring an image back', async () => {
    const image = await uploadPicture(app, user, await pictures.webp({ seed: 57 }))
    await app.fetch(image.url)
    await user.client.images.delete({ params: { id: image.id } })
    await app.views.flush()
    expect(await app.metadata.images.find(image.id)).toBeUndefined()
  })
})

import { hash } from 'node:crypto'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fetcher } from '../ports/fetcher.ts'
import { newAdministrator } from '../testing/new-administrator.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let admin: TestUser
let user: TestUser
let bytes: Buffer
let sha256: string
beforeEach(async () => {
  bytes = await pictures.jpeg({ seed: 7 })
  sha256 = hash('sha256', bytes)
  const fetcher: Fetcher = { open: async () => ({ stream: Readable.from([bytes]), filename: 'a.jpg' }) }
  app = await startTestApp({}, { fetcher })
  admin = await newAdministrator(app)
  user = await app.user()
})
afterEach(() => app.stop())

const block = (reason?: string) => admin.client.blocklist.add({ body: { sha256, ...(reason && { reason }) } })
const refused = { code: 'blocked_content', status: 422 }

async function keysInStorage(): Promise<string[]> {
  return (await Array.fromAsync(app.blobs.list(''))).map(({ key }) => key)
}

describe('blocked bytes are refused', () => {
  test('in one request', async () => {
    await block()
    await expect(uploadPicture(app, user, bytes)).rejects.toMatchObject(refused)
    expect(await keysInStorage()).toEqual([])
    expect(await user.client.images.usage()).toMatchObject({ images: 0, bytes: 0 })
  })

  test('after a direct upload, and what was staged goes', async () => {
    const request = { filename: 'a.jpg', mime_type: 'image/jpeg' }
    const { iid, presigned_url: url } = await user.client.uploads.request({ body: request })
    const body = new Uint8Array(bytes)
    await app.fetch(url, { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body })
    await block()
    await expect(user.client.uploads.complete({ body: { iid } })).rejects.toMatchObject(refused)
    expect(await keysInStorage()).toEqual([])
    await expect(user.client.uploads.complete({ body: { iid } })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('from an address', async () => {
    await block()
    const response = await app.fetch('http://images.test/api/v1/upload', {
      method: 'POST',
      headers: { 'x-api-key': user.apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ url: 'http://pictures.test/a.jpg' }),
    })
    expect(await response.json()).toMatchObject({ error: { code: 'blocked_content' } })
  })

  test('among several files, of which the others are kept', async () => {
    await block()
    const form = new FormData()
    form.append('file', new Blob([new Uint8Array(await pictures.png({ seed: 1 }))]), 'good.png')
    form.append('file', new Blob([new Uint8Array(bytes)]), 'bad.jpg')
    const response = await app.fetch('http://images.test/api/v1/upload', {
      method: 'POST',
      headers: { 'x-api-key': user.apiKey },
      body: form,
    })
    expect(await response.json()).toMatchObject({
      items: [{ filename: 'good.png' }],
      errors: [{ filename: 'bad.jpg', error: { code: 'blocked_content' } }],
    })
  })

  test('before they are decoded, so that bytes that are no picture are told nothing else', async () => {
    bytes = Buffer.from('no picture at all')
    sha256 = hash('sha256', bytes)
    await block()
    await expect(uploadPicture(app, user, bytes)).rejects.toMatchObject(refused)
  })

  test('in the same words to whoever has them already and to whoever does not', async () => {
    const own = await uploadPicture(app, user, bytes)
    await block('why is not for everybody')
    const answers = await Promise.all(
      [user, await app.user()].map((each) => uploadPicture(app, each, bytes).catch((error) => error)),
    )
    const told = answers.map(({ message, code, details }) => ({ message, code, details }))
    expect(told[0]).toEqual(told[1])
    expect(told[0]).toMatchObject({ code: 'blocked_content', details: undefined })
    expect(told[0]!.message).not.toContain('why')
    // Blocking is about what comes in; what is here, is here until somebody deletes it.
    expect((await app.fetch(own.url)).status).toBe(200)
  })
})

test('a hash is listed with its reason until it is taken off, and then its bytes are taken', async () => {
  const { reason, added_by: by } = await block('The court said so')
  expect({ reason, by }).toEqual({ reason: 'The court said so', by: admin.uid })
  expect(await block('Another reason')).toMatchObject({ reason: 'The court said so' })
  const { items } = await admin.client.blocklist.list()
  expect(items).toMatchObject([{ sha256, reason: 'The court said so', created_at: app.now() / 1000 }])
  await admin.client.blocklist.remove({ params: { sha256 } })
  await expect(admin.client.blocklist.remove({ params: { sha256 } })).rejects.toMatchObject({ code: 'not_found' })
  expect((await admin.client.blocklist.list()).items).toEqual([])
  await expect(uploadPicture(app, user, bytes)).resolves.toMatchObject({ source_sha256: sha256 })
  const { items: entries } = await admin.client.audit.list()
  expect(entries.map(({ action, target }) => [action, target])).toEqual([
    ['blocklist.remove', sha256],
    ['blocklist.add', sha256],
    ['blocklist.add', sha256],
  ])
})

test('the list comes in pages, newest first', async () => {
  for (let n = 0; n < 5; n++) {
    await admin.client.blocklist.add({ body: { sha256: String(n).repeat(64) } })
    app.pass(1)
  }
  const first = await admin.client.blocklist.list({ query: { limit: 3 } })
  const second = await admin.client.blocklist.list({ query: { limit: 3, cursor: first.next_cursor! } })
  expect([...first.items, ...second.items].map((entry) => entry.sha256[0])).toEqual(['4', '3', '2', '1', '0'])
  expect(second).not.toHaveProperty('next_cursor')
})

test('only administrators see it or change it', async () => {
  const denied = { code: 'insufficient_scope' }
  await expect(user.client.blocklist.list()).rejects.toMatchObject(denied)
  await expect(user.client.blocklist.add({ body: { sha256 } })).rejects.toMatchObject(denied)
  await expect(user.client.blocklist.remove({ params: { sha256 } })).rejects.toMatchObject(denied)
})

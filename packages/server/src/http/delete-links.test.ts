import { Writable } from 'node:stream'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
const lines: string[] = []
const log = pino(new Writable({ write: (line, _encoding, done) => done(void lines.push(String(line))) }))
beforeAll(async () => {
  app = await startTestApp({}, { log })
  owner = await app.user()
})
afterAll(() => app.stop())

const upload = async (seed: number, title?: string) =>
  uploadPicture(app, owner, await pictures.png({ seed }), title === undefined ? {} : { title })
const statusOf = async (id: string) => (await app.fetch(`http://images.test/i/${id}`)).status
const submit = (url: string) => app.fetch(url, { method: 'POST', headers: form })
const form = { 'content-type': 'application/x-www-form-urlencoded' }

test('the link of an upload asks first, then deletes the image at every address', async () => {
  const image = await upload(1, '<b>Lake & "sea"</b>')
  const url = image.delete_url!
  for (let looks = 0; looks < 3; looks++) {
    const page = await app.fetch(url)
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('private, no-store')
    const html = await page.text()
    expect(html).toContain('&#60;b&#62;Lake &#38; &#34;sea&#34;&#60;/b&#62;')
    expect(html).not.toContain('<b>')
  }
  expect((await app.fetch(url, { method: 'HEAD' })).status).toBe(200)
  expect(await statusOf(image.id)).toBe(200)
  expect((await submit(url)).status).toBe(200)
  expect(await statusOf(image.id)).toBe(404)
  expect(await app.blobs.stat(image.key)).toBeUndefined()
  expect((await submit(url)).status).toBe(404)
  expect((await app.fetch(url)).status).toBe(404)
})

test('a link of another image, of another kind, or cut off opens nothing', async () => {
  const [image, other] = [await upload(2), await upload(3)]
  const token = image.delete_url!.split('/').at(-1)!
  const mac = token.split('.')[1]!
  const forged = [
    `${other.id}.${mac}`,
    `${image.id}.${mac.slice(1)}`,
    image.id,
    `${image.id}.`,
    `${image.id}.${'A'.repeat(22)}`,
    `${image.id}.${'é'.repeat(11)}`,
  ]
  for (const wrong of forged) {
    const url = `http://images.test/delete/${encodeURIComponent(wrong)}`
    expect([400, 404], wrong).toContain((await submit(url)).status)
  }
  expect(await statusOf(image.id)).toBe(200)
  expect(await statusOf(other.id)).toBe(200)
})

test('only uploads are answered with it', async () => {
  const image = await upload(4)
  const client = owner.client.images
  expect(await client.info({ params: { id: image.id } })).not.toHaveProperty('delete_url')
  expect((await client.list()).items.filter((item) => 'delete_url' in item)).toEqual([])
})

test('a key that can only upload gets none for what was there before', async () => {
  const { key } = await owner.client.keys.create({ body: { name: 'a screenshot tool', scopes: ['upload'] } })
  const bytes = await pictures.png({ seed: 5 })
  const own = await uploadPicture(app, owner, bytes)
  expect(own).toHaveProperty('delete_url')
  const found = await uploadPicture(app, { apiKey: key }, bytes)
  expect(found).toMatchObject({ id: own.id, duplicate: true })
  expect(found).not.toHaveProperty('delete_url')
  const repeated = await app.client(key).uploads.complete({ body: { iid: own.id } })
  expect(repeated).not.toHaveProperty('delete_url')
  expect(await owner.client.uploads.complete({ body: { iid: own.id } })).toMatchObject({ delete_url: own.delete_url })
  expect(await uploadPicture(app, { apiKey: key }, await pictures.png({ seed: 6 }))).toHaveProperty('delete_url')
})

test('neither the log nor a kept answer holds it', async () => {
  const headers = { 'x-api-key': owner.apiKey, 'content-type': 'image/png', 'idempotency-key': 'once' }
  const send = async () => {
    const body = new Uint8Array(await pictures.png({ seed: 7 }))
    return app.fetch('http://images.test/api/v1/upload', { method: 'POST', headers, body })
  }
  const first = await (await send()).json()
  const again = await send()
  expect(again.headers.get('idempotency-replayed')).toBe('true')
  const { delete_url: url, ...rest } = first
  expect(await again.json()).toEqual(rest)
  await submit(url)
  const token = url.split('/').at(-1)
  expect(lines.filter((line) => line.includes(first.id) || line.includes('/delete/…'))).not.toEqual([])
  expect(lines.filter((line) => line.includes(token))).toEqual([])
})

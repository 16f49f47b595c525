import { afterEach, expect, test } from 'vitest'
import type { AppOptions } from '../app.ts'
import { MetadataUnavailable } from '../ports/metadata-store.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'

const running: TestApp[] = []
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop()
})

async function start(options: AppOptions = {}): Promise<TestApp> {
  const app = await startTestApp({}, options)
  running.push(app)
  return app
}

interface Upload {
  key?: string
  seed?: number
  query?: string
  as?: 'bytes' | 'form'
}

/** Two of them with the same seed would be one image anyway, so each is told to be kept beside its double. */
async function upload(app: TestApp, { apiKey }: TestUser, { key, seed = 1, query = '', as = 'bytes' }: Upload = {}) {
  const bytes = new Uint8Array(await pictures.png({ seed }))
  const form = new FormData()
  form.append('file', new Blob([bytes], { type: 'image/png' }), 'a.png')
  const response = await app.fetch(`http://images.test/api/v1/upload?allow_duplicate=1${query}`, {
    method: 'POST',
    body: as === 'form' ? form : bytes,
    headers: {
      'x-api-key': apiKey,
      ...(as === 'bytes' && { 'content-type': 'image/png' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
  })
  // The link that deletes the image is not kept: see delete-links.test.ts.
  const text = (await response.text()).replaceAll(/,"delete_url":"[^"]+"/g, '')
  const replayed = response.headers.get('idempotency-replayed')
  return { status: response.status, text, body: JSON.parse(text), replayed, headers: response.headers }
}

const count = async ({ client }: TestUser) => (await client.images.list()).items.length

test.each(['bytes', 'form'] as const)(
  'an upload as %s that is repeated is done once, and answered alike',
  async (as) => {
    const app = await start()
    const user = await app.user()
    const first = await upload(app, user, { key: 'k', as })
    const second = await upload(app, user, { key: 'k', as })
    expect(first).toMatchObject({ status: 201, replayed: null })
    expect(second).toMatchObject({ status: 201, replayed: 'true', text: first.text })
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'))
    expect(second.headers.get('cache-control')).toBe('no-store')
    expect(await count(user)).toBe(1)
  },
)

test('of bytes the key alone counts; another key is another upload', async () => {
  const app = await start()
  const user = await app.user()
  const first = await upload(app, user, { key: 'k', seed: 1 })
  expect((await upload(app, user, { key: 'k', seed: 2 })).text).toBe(first.text)
  await upload(app, user, { key: 'another', seed: 1 })
  await upload(app, user, { seed: 1 })
  expect(await count(user)).toBe(3)
})

test('another query is another request, and refused under the same key', async () => {
  const app = await start()
  const user = await app.user()
  await upload(app, user, { key: 'k' })
  expect(await upload(app, user, { key: 'k', query: '&title=x' })).toMatchObject({
    status: 422,
    body: { error: { code: 'idempotency_mismatch' } },
  })
})

test('a key belongs to its account', async () => {
  const app = await start()
  const [anna, bert] = [await app.user(), await app.user()]
  await upload(app, anna, { key: 'k' })
  expect(await upload(app, bert, { key: 'k' })).toMatchObject({ status: 201, replayed: null })
  expect([await count(anna), await count(bert)]).toEqual([1, 1])
})

test('of many at once one is done, and the others hear that it runs or what it answered', async () => {
  const app = await start()
  const user = await app.user()
  const answers = await Promise.all(Array.from({ length: 16 }, () => upload(app, user, { key: 'k' })))
  expect(await count(user)).toBe(1)
  const ids = new Set(answers.filter(({ status }) => status === 201).map(({ body }) => body.id))
  expect(ids.size).toBe(1)
  for (const { status, body, headers } of answers) {
    if (status === 201) continue
    expect(body.error.code).toBe('request_in_progress')
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  }
})

test('what was refused can be tried again', async () => {
  const app = await start()
  const user = await app.user()
  const put = app.blobs.put
  app.blobs.put = () => Promise.reject(new Error('broken'))
  expect((await upload(app, user, { key: 'k' })).status).toBe(500)
  app.blobs.put = put
  expect(await upload(app, user, { key: 'k' })).toMatchObject({ status: 201, replayed: null })
})

test('after a day the key is free', async () => {
  const app = await start()
  const user = await app.user()
  await upload(app, user, { key: 'k' })
  app.pass(24 * 3600 - 1)
  expect((await upload(app, user, { key: 'k' })).replayed).toBe('true')
  app.pass(1)
  expect((await upload(app, user, { key: 'k' })).replayed).toBeNull()
  expect(await count(user)).toBe(2)
})

test('an upload that is done is told, even if its answer can not be kept', async () => {
  const app = await start()
  const user = await app.user()
  app.metadata.answers.keep = () => Promise.reject(new MetadataUnavailable('away'))
  expect(await upload(app, user, { key: 'k' })).toMatchObject({ status: 201 })
})

test.each(['', 'a b', 'ü', 'x'.repeat(256)])('%j is no key', async (key) => {
  const app = await start()
  expect(await upload(app, await app.user(), { key })).toMatchObject({
    status: 400,
    body: { error: { code: 'validation', details: { field: 'headers.idempotency-key' } } },
  })
})

test('no answer that holds a secret is kept', async () => {
  const app = await start()
  const { apiKey } = await app.user()
  const kept: string[] = []
  app.metadata.answers.keep = async (_name, { body }) => Boolean(kept.push(body))
  const send = (path: string, body: object) =>
    app.fetch(`http://images.test${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json', 'idempotency-key': 'k' },
    })
  const credentials = { username: 'anna', password: 'correct horse battery' }
  await send('/api/v1/register', credentials)
  await send('/api/v1/login', credentials)
  await send('/api/v1/me/keys', { name: 'a', scopes: ['upload'] })
  await send('/api/v1/upload/request', { filename: 'a.png', mime_type: 'image/png' })
  expect(kept).toEqual([])
})

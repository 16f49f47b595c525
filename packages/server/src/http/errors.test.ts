import { hash } from 'node:crypto'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type ErrorCode, errors } from '@imagehost/contract'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { BlobsUnavailable } from '../ports/blob-store.ts'
import { MetadataUnavailable } from '../ports/metadata-store.ts'
import { createKey, hashKey } from '../services/key-format.ts'
import { bombs, truncated } from '../testing/hostile-pictures.ts'
import { pictures } from '../testing/pictures.ts'
import { type Answer, elsewhere, importFromHere, withAlbum, withDrop } from '../testing/provoked-errors.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { turnOnTwoFactor } from '../testing/two-factor.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

/** Every code of the catalogue is provoked here; a new one without its line does not compile. */
let app: TestApp
let user: TestUser
beforeAll(async () => {
  app = await startTestApp({ MAX_UPLOAD_BYTES: '100000', MAX_OPEN_DRAFTS: '1', QUOTA_IMAGES: '3' })
  user = await app.user()
})
afterAll(() => app.stop())

type Send = (path: string, init?: RequestInit & { key?: string | undefined }) => Promise<Answer>

const send: Send = (path, { key = user.apiKey, ...init } = {}) =>
  app.fetch(`http://images.test${path}`, { ...init, headers: { 'x-api-key': key, ...init.headers } })

const post = (path: string, body: unknown, key?: string): Promise<Answer> =>
  send(path, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' }, key })

const upload = (on: TestApp, { apiKey }: TestUser, bytes: Buffer, query = ''): Promise<Answer> =>
  on.fetch(`http://images.test/api/v1/upload${query}`, {
    method: 'POST',
    body: new Uint8Array(bytes),
    headers: { 'x-api-key': apiKey, 'content-type': 'image/png' },
  })

const credentials = { username: 'someone', password: 'correct horse battery' }

const startSession = (headers: Record<string, string>, on: TestApp = app) =>
  on.fetch('http://images.test/api/v1/session', {
    method: 'POST',
    body: JSON.stringify(credentials),
    headers: { 'content-type': 'application/json', ...headers },
  })

async function loggedIn(on: TestApp): Promise<{ cookie: string }> {
  await on.client().accounts.register({ body: credentials })
  const { headers } = await startSession({ 'sec-fetch-site': 'same-origin' }, on)
  return { cookie: headers.get('set-cookie')!.split(';')[0]! }
}

/** What the server writes when Node gives up on a request that never arrived in full. */
async function brokenRequest(code: string): Promise<Answer> {
  const socket = new PassThrough() as PassThrough & { bytesWritten: number }
  socket.bytesWritten = 0
  app.server.server.emit('clientError', Object.assign(new Error(code), { code }), socket)
  const [head, body] = (await text(socket)).split('\r\n\r\n')
  return { status: Number(head!.split(' ')[1]), headers: new Headers(), json: async () => JSON.parse(body!) }
}

/** Need a bucket that strangers can read, and a scanner: see s3.servers.test.ts and scan.servers.test.ts. */
type WithRealParts = 'storage_public' | 'infected'

const provocations: Record<Exclude<ErrorCode, WithRealParts>, () => Promise<Answer>> = {
  validation: () => send('/api/v1/me/images?limit=x'),
  auth: () => send('/api/v1/me/images', { key: 'none' }),
  forbidden: async () => {
    const image = await uploadPicture(app, await app.user(), await pictures.png({ seed: 1 }))
    return send(`/api/v1/image/${image.id}`, { method: 'DELETE' })
  },
  insufficient_scope: async () => {
    const { uid } = await app.user()
    const key = createKey()
    const token = {
      id: 'k_narrow',
      hash: hashKey(key),
      uid,
      kind: 'personal',
      scopes: ['upload'],
      createdAt: 1,
    } as const
    await app.metadata.tokens.create(token)
    return send('/api/v1/me/images', { key })
  },
  too_many_albums: () => withAlbum((_, user) => user.client.albums.create({ body: { name: 'Two' } })),
  album_full: () =>
    withAlbum(async (other, user, album) => {
      const ids = []
      for (const seed of [1, 2]) ids.push((await uploadPicture(other, user, await pictures.png({ seed }))).id)
      await user.client.albums.change({ params: { album }, body: { add: ids } })
    }),
  too_many_grants: () =>
    withAlbum(async (other, user, album) => {
      const named = await other.client().accounts.register({ body: credentials })
      for (let n = 0; n < 100; n++) {
        const grant = { albumId: album, uid: `u_${n}`, role: 'view', createdAt: 1 } as const
        await other.metadata.grants.put(grant, { max: 100 })
      }
      await user.client.grants.put({ params: { album, username: named.username }, body: { role: 'view' } })
    }),
  too_many_drops: () =>
    withAlbum(async (_, user, album) => {
      for (let n = 0; n < 101; n++) await user.client.drops.create({ params: { album }, body: {} })
    }),
  too_many_shares: () =>
    elsewhere({}, async (other) => {
      const owner = await other.user()
      const { id } = await uploadPicture(other, owner, await pictures.png())
      for (let n = 0; n < 100; n++) await owner.client.shares.create({ params: { id }, body: {} })
      return other.fetch(`http://images.test/api/v1/image/${id}/shares`, {
        method: 'POST',
        headers: { 'x-api-key': owner.apiKey, 'content-type': 'application/json' },
        body: '{}',
      })
    }),
  link_ended: () => withDrop({ expires_at: 2_000_000_000 }, { afterSeconds: 1_000_000_000 }),
  link_full: () => withDrop({ max_bytes: 1 }),
  password_needed: () => withDrop({ password: 'open sesame' }),
  password_wrong: () => withDrop({ password: 'open sesame' }, { headers: { 'x-link-password': 'open' } }),
  otp_required: async () => {
    const account = { username: 'careful', password: credentials.password }
    await app.client().accounts.register({ body: account })
    await turnOnTwoFactor(app, account)
    return post('/api/v1/login', account)
  },
  cross_origin: () => startSession({ 'sec-fetch-site': 'cross-site' }),
  confirmation_needed: async () => {
    const elsewhereApp = await startTestApp()
    const { cookie } = await loggedIn(elsewhereApp)
    elsewhereApp.pass(601)
    const init = {
      method: 'POST',
      body: '{}',
      headers: { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
    }
    return elsewhereApp.fetch('http://images.test/api/v1/me/keys', init).finally(() => elsewhereApp.stop())
  },
  registration_closed: () =>
    elsewhere({ REGISTRATION: 'closed' }, (other) => {
      return other.fetch('http://images.test/api/v1/register', {
        method: 'POST',
        body: JSON.stringify(credentials),
        headers: { 'content-type': 'application/json' },
      })
    }),
  invite_invalid: () =>
    elsewhere({ REGISTRATION: 'invite' }, (other) => {
      return other.fetch('http://images.test/api/v1/register', {
        method: 'POST',
        body: JSON.stringify({ ...credentials, invite: 'no such code' }),
        headers: { 'content-type': 'application/json' },
      })
    }),
  signature_needed: async () => {
    const image = await uploadPicture(app, await app.user(), await pictures.png({ seed: 10 }))
    return app.fetch(`${image.url}?w=10`)
  },
  signature_invalid: () => send(`/i/img_none?w=10&exp=99999999999&sig=${'a'.repeat(43)}`),
  signature_expired: async () => {
    const owner = await app.user()
    const { id } = await uploadPicture(app, owner, await pictures.png({ seed: 10 }))
    const { url } = await owner.client.delivery.sign({ params: { id }, body: { w: 10, expires_in: 1 } })
    app.pass(1)
    return app.fetch(url)
  },
  not_found: () => send('/api/v1/image/img_none'),
  timeout: () => brokenRequest('ERR_HTTP_REQUEST_TIMEOUT'),
  conflict: async () => {
    await post('/api/v1/register', credentials)
    return post('/api/v1/register', credentials)
  },
  upload_in_progress: async () => {
    const { client, apiKey } = await app.user()
    const { iid } = await client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png' } })
    const now = Date.UTC(2026, 0, 15, 12)
    await app.metadata.uploads.claim(iid, { now, leaseUntil: now + 60_000 })
    return post('/api/v1/upload/complete', { iid }, apiKey)
  },
  request_in_progress: async () => {
    const { promise: isBegun, resolve: begin } = Promise.withResolvers<void>()
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    return elsewhere(
      {},
      async (other) => {
        const { apiKey } = await other.user()
        const headers = { 'x-api-key': apiKey, 'content-type': 'image/png', 'idempotency-key': 'once' }
        const body = new Uint8Array(await pictures.png({ seed: 1 }))
        const init = { method: 'POST', headers, body }
        const first = other.fetch('http://images.test/api/v1/upload', init)
        await isBegun
        const second = await other.fetch('http://images.test/api/v1/upload', init)
        end()
        expect((await first).status).toBe(201)
        return second
      },
      {
        onStep: () => {
          begin()
          return mayEnd
        },
      },
    )
  },
  idempotency_mismatch: async () => {
    const { client, apiKey } = await app.user()
    const png = { filename: 'a.png', mime_type: 'image/png' }
    const { presigned_url, iid } = await client.uploads.request({ body: png })
    const body = new Uint8Array(await pictures.png({ seed: 9 }))
    await app.fetch(presigned_url, { method: 'PUT', body, headers: { 'content-type': 'image/png' } })
    const complete = (id: string) =>
      send('/api/v1/upload/complete', {
        method: 'POST',
        body: JSON.stringify({ iid: id }),
        headers: { 'content-type': 'application/json', 'idempotency-key': 'once' },
        key: apiKey,
      })
    await complete(iid)
    return complete('img_another')
  },
  too_many_keys: async () => {
    const { apiKey } = await app.user()
    const make = (n: number) => post('/api/v1/me/keys', { name: `key ${n}`, scopes: ['upload'] }, apiKey)
    for (let n = 0; n < 100; n++) await make(n)
    return make(100)
  },
  too_large: () => upload(app, user, Buffer.alloc(100_001)),
  quota_exceeded: async () => {
    const owner = await app.user()
    for (let seed = 1; seed < 4; seed++) await uploadPicture(app, owner, await pictures.png({ seed }))
    return upload(app, owner, await pictures.png({ seed: 4 }))
  },
  unsupported_type: () => upload(app, user, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')),
  unsupported_content_type: () =>
    send('/api/v1/login', { method: 'POST', body: 'a=b', headers: { 'content-type': 'text/plain' } }),
  range_not_satisfiable: async () => {
    const image = await uploadPicture(app, await app.user(), await pictures.png({ seed: 6 }))
    return send(new URL(image.url).pathname, { headers: { range: 'bytes=99999999-' } })
  },
  image_corrupt: async () => upload(app, user, truncated(await pictures.png({ seed: 7 }))),
  image_too_complex: async () => upload(app, user, Object.values(await bombs())[0]!),
  content_mismatch: async () => {
    const { client, apiKey } = await app.user()
    const { presigned_url, iid } = await client.uploads.request({
      body: { filename: 'a.png', mime_type: 'image/png', sha256: 'a'.repeat(64) },
    })
    const body = new Uint8Array(await pictures.png({ seed: 8 }))
    await app.fetch(presigned_url, { method: 'PUT', body, headers: { 'content-type': 'image/png' } })
    return post('/api/v1/upload/complete', { iid }, apiKey)
  },
  blocked_content: async () => {
    const bytes = await pictures.png({ seed: 20 })
    const sha256 = hash('sha256', bytes)
    await app.metadata.blocklist.add({ sha256, createdAt: 1, addedBy: 'u_admin' })
    return upload(app, user, bytes)
  },
  import_refused: () => post('/api/v1/upload', { url: 'http://169.254.169.254/latest/meta-data' }),
  import_failed: () => importFromHere((_request, response) => response.writeHead(404).end()),
  rate_limited: () =>
    elsewhere({ RATE_UPLOAD: '1' }, async (other) => {
      const owner = await other.user()
      await upload(other, owner, await pictures.png({ seed: 1 }))
      return upload(other, owner, await pictures.png({ seed: 2 }))
    }),
  too_many_drafts: async () => {
    const { apiKey } = await app.user()
    const request = { filename: 'a.png', mime_type: 'image/png' }
    await post('/api/v1/upload/request', request, apiKey)
    return post('/api/v1/upload/request', request, apiKey)
  },
  internal_error: () =>
    elsewhere({}, async (other) => {
      const owner = await other.user()
      other.metadata.imageIndex.list = () => Promise.reject(new Error('a bug with a secret in its message'))
      return other.fetch('http://images.test/api/v1/me/images', { headers: { 'x-api-key': owner.apiKey } })
    }),
  invalid_record: async () => {
    const [id, ownerUid] = ['img_ownerless', '']
    const draft = {
      id,
      ownerUid,
      key: 'uploads/x',
      filename: 'x',
      originalFilename: 'x',
      mime: 'image/png',
      createdAt: 1,
      expiresAt: 2,
    }
    await app.metadata.uploads.create(
      { ...draft, visibility: 'unlisted', staged: false },
      { maxDrafts: 1, reserveBytes: 1 },
      1,
    )
    const image = { id, ownerUid, key: 'uploads/x', filename: 'x', mime: 'image/png', createdAt: 1, views: 0 }
    await app.metadata.images.commit(image, { id, ownerUid, fence: 1 })
    return send(`/api/v1/image/${id}`, { method: 'DELETE' })
  },
  redis_unreachable: () =>
    elsewhere({}, (other) => {
      Object.assign(other.metadata, { engine: 'redis', ping: () => Promise.reject(new MetadataUnavailable('away')) })
      return other.fetch('http://images.test/redis-check')
    }),
  s3_error: () =>
    elsewhere({}, async (other) => {
      other.blobs.put = () => Promise.reject(new BlobsUnavailable('away'))
      return upload(other, await other.user(), await pictures.png({ seed: 1 }))
    }),
  scan_error: () =>
    elsewhere({ CLAMD_URL: 'unix:/nowhere/clamd.sock' }, async (other) =>
      upload(other, await other.user(), await pictures.png({ seed: 1 })),
    ),
  save_error: () =>
    elsewhere({}, async (other) => {
      other.metadata.images.commit = () => Promise.reject(new MetadataUnavailable('away'))
      return upload(other, await other.user(), await pictures.png({ seed: 1 }))
    }),
  service_error: () =>
    elsewhere({}, async (other) => {
      const owner = await other.user()
      other.metadata.imageIndex.list = () => Promise.reject(new MetadataUnavailable('away'))
      return other.fetch('http://images.test/api/v1/me/images', { headers: { 'x-api-key': owner.apiKey } })
    }),
  read_only: () =>
    elsewhere({ READ_ONLY: '1' }, (other) =>
      other.fetch('http://images.test/api/v1/dev/issue-key', { method: 'POST' }),
    ),
  overloaded: () =>
    elsewhere({ WORK_SLOTS: '1', WORK_QUEUE: '1' }, async (other) => {
      const owner = await other.user()
      const bytes = await pictures.jpeg({ width: 2000, height: 2000, seed: 1 })
      const answers = await Promise.all(
        Array.from({ length: 12 }, () => upload(other, owner, bytes, '?allow_duplicate=1')),
      )
      return answers.find(({ status }) => status === 503)!
    }),
}

test.each(Object.entries(provocations))('%s', async (name, provoke) => {
  const code = name as ErrorCode
  const answer = await provoke()
  const { error } = (await answer.json()) as { error: { code: string; message: string; request_id: string } }
  expect({ code: error.code, status: answer.status }).toEqual({ code, status: errors[code].status })
  expect(error.message).toMatch(/\.$/)
  expect(JSON.stringify(error)).not.toContain('secret')
  expect(error.request_id).not.toBe('')
  expect(errors[code].cure).not.toBe('')
  if ([429, 503].includes(answer.status)) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
})

test.each(['/%', `/i/${'a'.repeat(300)}`])(
  'an address that no route can have is refused in the same form: %.10s',
  async (path) => {
    const answer = await send(path)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: 'validation', details: { field: 'path' } } })
  },
)

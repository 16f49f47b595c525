import { globSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3'
import { createClient as createRedis } from 'redis'
import { describe, expect, inject, test } from 'vitest'
import { askAsPage } from './testing/ask-as-page.ts'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp, type TestApp } from './testing/start-test-app.ts'
import { uploadPicture } from './testing/upload-picture.ts'

/**
 * All that an account leaves in the stores is looked for in what they hold, key by key and value by value. What may remain:
 * the audit log, which only grows, says that there was such an account; allowances end by themselves, and so do answers that are
 * kept for a day for those who repeat a request.
 */
interface Engine {
  env: Record<string, string>
  /** Everything that the metadata store holds, each entry as text. */
  entries(app: TestApp): Promise<string[]>
  /** The names of all stored bytes. */
  files(app: TestApp): Promise<string[]>
}

const password = 'long enough for a test'
const redisUrl = `${inject('redisUrl')}/9`

describe.each([['embedded'], ['Redis and S3']])('%s', (name) => {
  test('a deleted account leaves nothing, and takes nothing of anybody else', async () => {
    const engine = name === 'embedded' ? embedded : await redisAndS3()
    // The bucket looks at its own clock.
    let now = Date.now()
    const app = await startTestApp(engine.env, { clock: { now: () => now } })
    const bob = await account(app, 'bobby')
    const kept = await uploadPicture(app, bob, await pictures.png({ seed: 1 }))
    const { id: bobsAlbum } = await bob.client.albums.create({ body: { name: 'Of his' } })
    await bob.client.albums.change({ params: { album: bobsAlbum }, body: { add: [kept.id] } })
    const before = await engine.entries(app)

    const anna = await account(app, 'annabel')
    const client = app.client(anna.apiKey)
    const ids: string[] = []
    for (let seed = 2; seed < 5; seed++) ids.push((await uploadPicture(app, anna, await pictures.png({ seed }))).id)
    await app.fetch(`http://images.test/i/${ids[0]}`)
    await client.accounts.update({ body: { preferences: { default_visibility: 'private' } } })
    await client.keys.create({ body: { name: 'of hers', scopes: ['upload'] } })
    await askAsPage(app, 'POST', '/session', { body: { username: 'annabel', password } })
    await client.twoFactor.begin({ body: { password } })
    const { id: album } = await client.albums.create({ body: { name: 'Of hers' } })
    await client.albums.change({ params: { album }, body: { add: ids.slice(1) } })
    await client.grants.put({ params: { album, username: 'bobby' }, body: { role: 'edit' } })
    const { slug } = await client.drops.create({ params: { album }, body: { holds: true, password } })
    const dropped = { method: 'POST', headers: { 'content-type': 'image/png', 'x-link-password': password } }
    const body = new Uint8Array(await pictures.png({ seed: 9 }))
    expect((await app.fetch(`http://images.test/d/${slug}/upload`, { ...dropped, body })).status).toBe(201)
    const [held] = (await client.albums.held({ params: { album } })).items
    const theirs = { album: bobsAlbum, username: 'annabel' }
    await bob.client.grants.put({ params: theirs, body: { role: 'add' } })
    await client.albums.change({ params: { album: bobsAlbum }, body: { add: ids.slice(0, 1) } })
    const staged = await client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png', album } })
    const put = { method: 'PUT', headers: { 'content-type': 'image/png' }, body: 'bytes' }
    expect((await fetchAnywhere(app, staged.presigned_url, put)).status).toBe(200)
    const { uid } = await client.accounts.me()
    const traces = [uid, 'annabel', staged.iid, album, slug, held!.id, ...ids]
    expect(traces.filter((trace) => holds(before, trace))).toEqual([])
    const during = await engine.entries(app)
    expect(traces.filter((trace) => !holds(during, trace))).toEqual([])

    await client.accounts.delete({ body: { password } })
    await expect(client.images.list()).rejects.toMatchObject({ code: 'auth' })
    for (const id of ids) expect((await app.fetch(`http://images.test/i/${id}`)).status).toBe(404)
    expect((await engine.files(app)).filter((file) => file.includes(uid))).toEqual([])
    // Her address for the upload that was under way still works until its end: what comes there is swept.
    await fetchAnywhere(app, staged.presigned_url, put)

    // The sweeper's second look, and the end of that address.
    now += 2 * 24 * 3600 * 1000
    await app.sweeper.sweep()
    await app.views.flush()
    // With the next kept answer those go whose time is over.
    await bob.client.albums.create({ body: { name: 'Another' } })
    const after = await engine.entries(app)
    expect(traces.flatMap((trace) => after.filter((entry) => entry.includes(trace)))).toEqual([])
    expect((await engine.files(app)).filter((file) => file.includes(uid))).toEqual([])
    expect((await bob.client.images.list()).items.map(({ id }) => id)).toEqual([kept.id])
    expect((await app.fetch(`http://images.test/i/${kept.id}`)).status).toBe(200)
    expect((await bob.client.albums.list()).items).toMatchObject([
      { name: 'Another' },
      { id: bobsAlbum, image_count: 1 },
    ])
    expect((await bob.client.albums.shared()).items).toEqual([])
    expect((await bob.client.grants.list({ params: { album: bobsAlbum } })).items).toEqual([])
    // The name is free again.
    await expect(app.client().accounts.register({ body: { username: 'annabel', password } })).resolves.toBeDefined()
    await app.stop()
  })
})

const holds = (entries: readonly string[], trace: string): boolean => entries.some((entry) => entry.includes(trace))

async function account(app: TestApp, username: string) {
  const { api_key: apiKey } = await app.client().accounts.register({ body: { username, password } })
  return { apiKey, client: app.client(apiKey) }
}

/** The server's own addresses lead to the server in this process, those of the bucket out of it. */
const fetchAnywhere = (app: TestApp, url: string, init: RequestInit) =>
  (url.startsWith('http://images.test/') ? app.fetch : fetch)(url, init)

const embedded: Engine = {
  env: {},
  async entries({ directory }) {
    const database = new DatabaseSync(path.join(directory, 'imagehost.db'), { readOnly: true })
    const tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'audit'").all()
    const entries = tables.flatMap(({ name }) =>
      database
        .prepare(`SELECT * FROM "${name}"`)
        .all()
        .map((row) => `${name} ${JSON.stringify(row)}`),
    )
    database.close()
    return entries
  },
  files: async ({ directory }) => globSync('{blobs,incoming}/**/*', { cwd: directory }),
}

const connect = () => createRedis({ url: redisUrl }).connect()
type Redis = Awaited<ReturnType<typeof connect>>

async function redisAndS3(): Promise<Engine> {
  const bucket = await createBucket(inject('s3'))
  const { endpoint, region, accessKeyId, secretAccessKey } = inject('s3')
  const s3 = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
  return {
    env: { REDIS_URL: redisUrl, SECRET_KEY: 'of these tests, and of nothing else', ...bucket.env },
    async entries() {
      const redis = await connect()
      const keys = await redis.keys('*')
      const entries: string[] = []
      // Allowances end by themselves within minutes and say nothing but how often somebody asked; kept answers by Redis' own clock.
      for (const key of keys)
        if (!/^imagehost:(rate:|answer:|audit$)/.test(key)) entries.push(`${key} ${await contentOf(redis, key)}`)
      redis.destroy()
      return entries
    },
    async files() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket.name }))
      return Contents.map(({ Key = '' }) => Key)
    },
  }
}

async function contentOf(redis: Redis, key: string) {
  const type = await redis.type(key)
  if (type === 'string') return redis.get(key)
  if (type === 'hash') return JSON.stringify(await redis.hGetAll(key))
  if (type === 'zset') return JSON.stringify(await redis.zRange(key, 0, -1))
  if (type === 'set') return JSON.stringify(await redis.sMembers(key))
  if (type === 'stream') return JSON.stringify(await redis.xRange(key, '-', '+'))
  throw new Error(`${key} is of a type that is not looked into: ${type}`)
}

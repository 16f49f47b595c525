import { mkdtemp, readdir, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startCluster } from '../../../scripts/redis/start-cluster.ts'
import { type RedisServer, startRedis } from '../../../scripts/redis/start-redis.ts'
import { createBucket } from './testing/create-bucket.ts'
import { furnish } from './testing/furnished-site.ts'
import { contents, type Environment, envFile, operate, secret, uidsIn } from './testing/operate.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from './testing/start-test-app.ts'
import { uploadPicture } from './testing/upload-picture.ts'

let app: TestApp
let anna: TestUser
let images: string[]
/** Their own: what moves here is a whole site with its settings. */
let redisServer: RedisServer
let folder: string
beforeAll(async () => {
  redisServer = await startRedis()
  folder = await mkdtemp(path.join(tmpdir(), 'imagehost-backup-'))
  app = await startTestApp(source())
  ;({ user: anna, images } = await furnish(app))
})
afterAll(async () => {
  await redisServer.stop()
  await app.stop()
  await rm(folder, { recursive: true, force: true })
})

const elsewhere = (name: string): Environment => ({ DATA_DIR: path.join(folder, name), ...secret })
/** Each number is an empty database. */
const redis = (number: number): Environment => ({ REDIS_URL: `${redisServer.url}/${number}`, ...secret })
const bucket = async (): Promise<Environment> => (await createBucket(inject('s3'))).env
const source = (): Environment => elsewhere('source')

/** What people see there: as it was, with the keys that they have. */
async function expectAlive(env: Environment): Promise<void> {
  const there = await startTestApp(env)
  const client = there.client(anna.apiKey)
  const { items } = await client.images.list({ query: {} })
  expect(items.map(({ id }) => id).sort()).toEqual(images.slice(0, 3).sort())
  const status = async (id: string, key?: string) =>
    (await there.fetch(`http://images.test/i/${id}`, { headers: key === undefined ? {} : { 'x-api-key': key } })).status
  expect([await status(images[0]!), await status(images[2]!), await status(images[3]!)]).toEqual([200, 404, 404])
  expect(await status(images[2]!, anna.apiKey)).toBe(200)
  expect((await client.images.list({ query: { q: 'gruss' } })).items).toHaveLength(0)
  expect((await client.images.list({ query: { q: 'grüße' } })).items).toHaveLength(1)
  await there.sweeper.sweep()
  expect((await client.trash.restore({ params: { id: images[3]! } })).id).toBe(images[3])
  expect(await status(images[3]!, anna.apiKey)).toBe(200)
  await there.stop()
}

describe('a backup', () => {
  test('is made beside a running server, and restored into an empty place, where all is as it was', async () => {
    const to = path.join(folder, 'backup')
    expect(await operate('backup', source(), to)).toMatchObject({ isWell: true })
    const again = await operate('backup', source(), to)
    expect(again.said).toContain('4 images there already')
    expect(await readdir(path.join(to, 'metadata'))).toHaveLength(2)
    expect(await operate('restore', elsewhere('restored'), to)).toMatchObject({ isWell: true })
    expect(await contents(elsewhere('restored'))).toEqual(await contents(source()))
    const repeated = await operate('restore', elsewhere('restored'), to)
    expect(repeated).toMatchObject({ isWell: true, said: expect.stringContaining('4 images there already') })
    expect(await contents(elsewhere('restored'))).toEqual(await contents(source()))
    await expectAlive(elsewhere('restored'))
  })

  test('of one engine is restored into another', async () => {
    const to = path.join(folder, 'backup-for-redis')
    const env = { ...redis(1), ...(await bucket()) }
    await operate('backup', source(), to)
    expect(await operate('restore', env, to)).toMatchObject({ isWell: true })
    expect(await contents(env)).toEqual(await contents(source()))
    await expectAlive(env)
  })

  test('lets go of what was deleted, once no archive names it', async () => {
    const to = path.join(folder, 'backup-pruned')
    const { id } = await uploadPicture(app, anna, await pictures.png({ seed: 50 }))
    await operate('backup', source(), to, '--keep', '1')
    await anna.client.images.delete({ params: { id } })
    expect((await operate('backup', source(), to, '--keep', '1')).said).toContain('1 old archives and 1 images')
    expect(await readdir(path.join(to, 'blobs', 'uploads', anna.uid))).not.toContain(id)
    expect(await readdir(path.join(to, 'metadata'))).toHaveLength(1)
  })

  test('that is cut off or has other bytes is not taken for whole', async () => {
    const to = path.join(folder, 'backup-damaged')
    await operate('backup', source(), to)
    const blobs = path.join(to, 'blobs', 'uploads', anna.uid, images[0]!)
    const [name] = await readdir(blobs)
    await writeFile(path.join(blobs, name!), 'x'.repeat(10))
    const restored = await operate('restore', elsewhere('from-damaged'), to)
    expect(restored).toMatchObject({
      isWell: false,
      said: expect.stringContaining(`${images[0]}: its bytes are damaged`),
    })
    const [archive] = await readdir(path.join(to, 'metadata'))
    await truncate(path.join(to, 'metadata', archive!), 700)
    await expect(operate('restore', elsewhere('from-cut'), to)).rejects.toThrow()
    await expect(uidsIn(elsewhere('from-cut'))).resolves.toEqual([])
  })

  test('is not written over another site', async () => {
    const to = path.join(folder, 'backup-of-one')
    await operate('backup', source(), to)
    const other = await startTestApp(elsewhere('other'))
    await other.user()
    await other.stop()
    await expect(operate('restore', elsewhere('other'), to)).rejects.toThrow('There is an account here')
  })
})

describe('migrating', () => {
  test('goes from SQLite and files to Redis and S3, and back, and all is as it was', async () => {
    const before = await contents(source())
    const there = { ...redis(2), ...(await bucket()) }
    const moved = await operate('migrate', source(), '--to', await envFile(folder, 'there.env', there))
    expect(moved).toMatchObject({ isWell: true, said: expect.stringContaining('All is there.') })
    expect(await contents(there)).toEqual(before)
    const back = await operate('migrate', there, '--to', await envFile(folder, 'back.env', elsewhere('back')))
    expect(back).toMatchObject({ isWell: true })
    expect(await contents(elsewhere('back'))).toEqual(before)
    await expectAlive(elsewhere('back'))
  })

  test('leaves the source to be read only, until somebody says otherwise', async () => {
    app.pass(1)
    const png = await pictures.png({ seed: 60 })
    await expect(uploadPicture(app, anna, png)).rejects.toThrow('This server only reads for now')
    expect((await app.fetch(`http://images.test/i/${images[0]}`)).status).toBe(200)
    await app.metadata.settings.change({ read_only: null })
    app.pass(1)
    const { id } = await uploadPicture(app, anna, png)
    await anna.client.images.delete({ params: { id } })
  })

  test('to Redis Cluster, and goes on where an earlier try ended', async () => {
    const servers = await startCluster()
    const cluster = { REDIS_CLUSTER_URLS: servers.urls.join(','), ...elsewhere('cluster') }
    const file = await envFile(folder, 'cluster.env', cluster)
    expect(await operate('migrate', source(), '--to', file, '--copy-only')).toMatchObject({ isWell: true })
    const moved = await operate('migrate', source(), '--to', file)
    expect(moved.said).toContain('4 images there already')
    expect((await uidsIn(cluster)).sort()).toEqual((await uidsIn(source())).sort())
    await app.metadata.settings.change({ read_only: null })
    await servers.stop()
  })

  test('with another secret is refused, with the cure', async () => {
    const file = await envFile(folder, 'secret.env', {
      ...elsewhere('secret'),
      SECRET_KEY: 'another one of these tests, as long as that',
    })
    await expect(operate('migrate', source(), '--to', file)).rejects.toThrow('has another secret. Set SECRET_KEY')
  })
})

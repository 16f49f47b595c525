import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { openMetadata } from './adapters.ts'
import { readConfig } from './config.ts'
import { contextOf } from './operation-context.ts'
import { readArchive } from './operations/archive/read-archive.ts'
import { operations } from './operations/operations.ts'
import type { MetadataStore } from './ports/metadata-store.ts'
import { createBucket } from './testing/create-bucket.ts'
import { flaskKey, flaskSecret, flaskUid, startFlaskDeployment } from './testing/flask-deployment.ts'
import { newAdministrator } from './testing/new-administrator.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from './testing/start-test-app.ts'
import { turnOnTwoFactor } from './testing/two-factor.ts'
import { uploadPicture } from './testing/upload-picture.ts'

type Environment = Record<string, string>

const secret = { SECRET_KEY: 'of these tests, and of nothing else' }
/** Numbers of their own, since an empty Redis is asked for. */
let redisNumber = 9
let folder: string
let app: TestApp
let anna: TestUser
let images: string[]

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imagehost-operations-'))
  app = await startTestApp({ DATA_DIR: path.join(folder, 'source'), ...secret })
  ;({ user: anna, images } = await furnish(app))
})
afterAll(async () => {
  await app.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Something of each noun. */
async function furnish(on: TestApp) {
  const [user, ben] = [await on.user(), await on.user()]
  const administrator = await newAdministrator(on)
  const { client } = user
  const ids: string[] = []
  for (const [seed, visibility] of (['public', 'unlisted', 'private', 'private'] as const).entries())
    ids.push((await uploadPicture(on, user, await pictures.jpegWithGps({ seed }), { visibility, tags: 'sea' })).id)
  await client.images.update({ params: { id: ids[0]! }, body: { title: 'Grüße' } })
  const { id: album } = await client.albums.create({ body: { name: 'Summer', description: 'At the lake' } })
  await client.albums.change({
    params: { album },
    body: { add: [ids[2]!, ids[0]!], move: { id: ids[0]!, after: null } },
  })
  await client.albums.update({ params: { album }, body: { cover_id: ids[2]! } })
  const { username } = await ben.client.accounts.me()
  await client.grants.put({ params: { album, username }, body: { role: 'add' } })
  await client.drops.create({ params: { album }, body: { name: 'guests', max_files: 5, password: 'tulip' } })
  const { slug } = await client.shares.create({ params: { id: ids[2]! }, body: { max_views: 3 } })
  await on.fetch(`http://images.test/s/${slug}`, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  })
  await client.shares.createOfAlbum({ params: { album }, body: { password: 'tulip' } })
  await client.trash.put({ params: { id: ids[3]! } })
  await on.client().reports.create({ params: { id: ids[0]! }, body: { reason: 'other', message: 'hm' } })
  await administrator.client.invites.create({ body: { uses: 3 } })
  await administrator.client.settings.update({ body: { settings: { default_visibility: 'private' } } })
  await administrator.client.blocklist.add({ body: { sha256: 'ab'.repeat(32), reason: 'no' } })
  const carla = { username: 'carla', password: 'correct horse battery' }
  await on.client().accounts.register({ body: carla })
  await turnOnTwoFactor(on, carla)
  return { user, images: ids }
}

/** Runs one as from the shell, in an environment. */
async function operate(name: string, env: Environment, ...args: string[]): Promise<{ isWell: boolean; said: string }> {
  const lines: string[] = []
  const context = { ...contextOf(readConfig(env)), say: (line: string) => lines.push(line), progress: () => {} }
  const isWell = await operations[name]!.run(context, args)
  return { isWell, said: lines.join('\n') }
}

const source = (): Environment => ({ DATA_DIR: path.join(folder, 'source'), ...secret })
const elsewhere = (name: string): Environment => ({ DATA_DIR: path.join(folder, name), ...secret })
const redis = (): Environment => ({ REDIS_URL: `${inject('redisUrl')}/${redisNumber++}`, ...secret })
const bucket = async (): Promise<Environment> => (await createBucket(inject('s3'))).env

async function envFile(name: string, env: Environment): Promise<string> {
  const file = path.join(folder, name)
  await writeFile(
    file,
    Object.entries(env)
      .map(([each, value]) => `${each}='${value}'\n`)
      .join(''),
  )
  return file
}

/** Everything that it holds, in an order of its own; without what goes on by itself. */
async function contents(env: Environment): Promise<unknown[]> {
  const config = readConfig(env)
  const store: MetadataStore = await openMetadata(config, { info() {}, warn() {}, error() {} }, 'beside the server')
  const all = (await Array.fromAsync(readArchive(store))).map((one) => {
    if (one.noun !== 'image') return one
    const { key, nextKey: _, formerKey: __, ...rest } = one.entry
    return { noun: one.noun, entry: rest.trashedAt === undefined ? { ...rest, key } : rest }
  })
  await store.close()
  return all.map((one) => JSON.stringify(one, (_, value) => sorted(value))).sort()
}

/** Fields by name: what an engine answers first is no difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

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
    const env = { ...redis(), ...(await bucket()) }
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
    await expect(openedUids(elsewhere('from-cut'))).resolves.toEqual([])
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

async function openedUids(env: Environment): Promise<string[]> {
  const store = await openMetadata(readConfig(env), { info() {}, warn() {}, error() {} }, 'beside the server')
  const uids = (await Array.fromAsync(store.inventory.accounts())).map(({ account }) => account.uid)
  await store.close()
  return uids
}

describe('fsck', () => {
  const old = new Date(Date.now() - 2 * 86_400_000)

  test.each<[string, () => Promise<Environment> | Environment]>([
    ['files', () => elsewhere('checked')],
    ['a bucket', async () => ({ ...redis(), ...(await bucket()) })],
  ])('finds nothing wrong with what is as it should be, in %s', async (_, where) => {
    const env = await where()
    const there = await startTestApp(env)
    await furnish(there)
    await there.sweeper.sweep()
    await there.stop()
    const checked = await operate('fsck', env, '--sample', '100', '--rate', '1000')
    expect(checked).toMatchObject({
      isWell: true,
      said: expect.stringContaining('4 images, 4 of them read and hashed'),
    })
    expect(checked.said).toContain('no problem')
  })

  test('tells of bytes that are missing, short or others, and of objects that nobody knows of', async () => {
    const env = elsewhere('broken')
    const there = await startTestApp(env)
    const { user, images: ids } = await furnish(there)
    const { uid } = user
    await there.stop()
    const blobs = path.join(folder, 'broken', 'blobs')
    const fileOf = async (id: string) => {
      const directory = path.join(blobs, 'uploads', uid, id)
      return path.join(directory, (await readdir(directory))[0]!)
    }
    await rm(await fileOf(ids[0]!))
    await truncate(await fileOf(ids[1]!), 10)
    const bytes = await readFile(await fileOf(ids[2]!))
    bytes[bytes.length >> 1]! ^= 1
    await writeFile(await fileOf(ids[2]!), bytes)
    const lost = path.join('uploads', uid, 'img_lost', 'x.png')
    for (const [key, time] of [
      [lost, old],
      [path.join('uploads', uid, 'img_new', 'x.png'), new Date()],
      ['notes/x', old],
    ] as const) {
      await mkdir(path.dirname(path.join(blobs, key)), { recursive: true })
      await writeFile(path.join(blobs, key), await pictures.png())
      await utimes(path.join(blobs, key), time, time)
    }
    const { isWell, said } = await operate('fsck', env, '--sample', '100')
    expect(isWell).toBe(false)
    const told = said.split('\n').slice(0, -1)
    expect(told).toHaveLength(4)
    for (const words of [
      `${ids[0]}: its bytes are missing`,
      `${ids[1]}: it has 10 bytes in place of`,
      `${ids[2]}: its bytes have changed`,
      `${lost}: nobody knows of it`,
    ])
      expect(told).toContainEqual(expect.stringContaining(words))
    expect((await operate('fsck', env, '--repair')).said).toContain('1 objects deleted')
    expect((await operate('fsck', env)).said).not.toContain('nobody knows')
  })

  test('makes private images of objects whose metadata are lost, and none is reachable on the way', async () => {
    const lost = elsewhere('lost')
    const there = await startTestApp(lost)
    const { user, images: ids } = await furnish(there)
    await there.sweeper.sweep()
    await there.stop()
    const blobs = path.join(folder, 'lost', 'blobs')
    for (const entry of await readdir(blobs, { recursive: true, withFileTypes: true }))
      if (entry.isFile()) await utimes(path.join(entry.parentPath, entry.name), old, old)
    for (const name of await readdir(path.join(folder, 'lost')))
      if (name.startsWith('imagehost.db')) await rm(path.join(folder, 'lost', name))
    expect((await operate('fsck', lost, '--rebuild')).said).toContain('4 images made of objects, all of them private')
    expect((await operate('fsck', lost, '--rebuild')).said).toContain('no problem')
    const again = await startTestApp(lost)
    for (const id of ids) expect((await again.fetch(`http://images.test/i/${id}`)).status).toBe(404)
    expect((await again.metadata.accounts.find(user.uid))?.username).toMatch(/^lost-/)
    const { items } = await again.metadata.imageIndex.list(user.uid, { limit: 10 })
    expect(items.map(({ id, visibility }) => [id, visibility]).sort()).toEqual(
      ids
        .slice(0, 3)
        .map((id) => [id, 'private'])
        .sort(),
    )
    expect(await again.metadata.trash.find(ids[3]!)).toMatchObject({ visibility: 'private' })
    await again.stop()
  })
})

describe('importing', () => {
  test('brings in the pictures of a folder beside a running server, once, and names what is none', async () => {
    const env = elsewhere('importing')
    const there = await startTestApp(env)
    const { client } = await there.user()
    const { username } = await client.accounts.me()
    const holiday = path.join(folder, 'holiday', 'day 1')
    await mkdir(holiday, { recursive: true })
    await writeFile(path.join(folder, 'holiday', 'a.jpg'), await pictures.jpegWithGps({ seed: 70 }))
    await writeFile(path.join(holiday, 'b.png'), await pictures.png({ seed: 71 }))
    await writeFile(path.join(holiday, 'notes.txt'), 'not a picture')
    const brought = await operate('import', env, 'directory', path.join(folder, 'holiday'), '--user', username)
    expect(brought.isWell).toBe(false)
    expect(brought.said).toContain('notes.txt: ')
    expect(brought.said).toContain('2 made, 1 refused.')
    const { items } = await client.images.list({ query: {} })
    expect(items.map((item) => item.original_filename).sort()).toEqual(['a.jpg', 'b.png'])
    const again = await operate('import', env, 'directory', path.join(folder, 'holiday'), '--user', username)
    expect(again.said).toContain('2 there already, 1 refused.')
    await expect(operate('import', env, 'directory', folder, '--user', 'nobody')).rejects.toThrow(
      'Nobody here is called',
    )
    await there.stop()
  })

  test('brings in what lies under a prefix of another bucket', async () => {
    const [env, other] = [elsewhere('from-bucket'), await bucket()]
    const there = await startTestApp(env)
    const { client } = await there.user()
    const { username } = await client.accounts.me()
    const source = await startTestApp({ ...elsewhere('bucket-source'), ...other })
    const body = await pictures.png({ seed: 80 })
    const options = { contentType: 'image/png', size: body.length }
    await source.blobs.put('old/site/x.png', body, options)
    await source.blobs.put('older/y.png', body, options)
    await source.stop()
    const file = await envFile('bucket.env', { ...elsewhere('bucket-source'), ...other })
    const args = ['s3-prefix', 'old/', '--from', file, '--user', username, '--visibility', 'private']
    expect(await operate('import', env, ...args)).toEqual({ isWell: true, said: '1 made.' })
    expect((await client.images.list({ query: {} })).items).toMatchObject([{ visibility: 'private' }])
    await there.stop()
  })

  test('takes over a whole Flask deployment beside what is here, and their keys and links go on', async () => {
    const flask = await startFlaskDeployment()
    const theirs = { ...flask.env, ...(await bucket()) }
    await flask.addAccount(flaskUid, { username: 'Ann', password_hash: 'scrypt:1:2:3$x$00' })
    await flask.addImage('img_00000001', { owner_uid: flaskUid })
    const source = await startTestApp({ ...theirs, DATA_DIR: path.join(folder, 'flask') })
    const body = await pictures.png({ seed: 90 })
    await source.blobs.put(`uploads/${flaskUid}/img_00000001/a.png`, body, {
      contentType: 'image/png',
      size: body.length,
    })
    await source.stop()
    const here = { ...elsewhere('after-flask'), ...redis(), FLASK_SECRET: flaskSecret }
    const brought = await operate('import', here, 'flask', await envFile('flask.env', theirs))
    expect(brought).toMatchObject({ isWell: true, said: expect.stringContaining('1 images copied') })
    const there = await startTestApp(here)
    expect((await there.fetch('http://images.test/i/img_00000001')).status).toBe(200)
    const { items } = await there.client(flaskKey(flaskUid)).images.list({ query: {} })
    expect(items.map(({ id }) => id)).toEqual(['img_00000001'])
    await there.stop()
    await flask.stop()
  })
})

describe('migrating', () => {
  test('goes from SQLite and files to Redis and S3, and back, and all is as it was', async () => {
    const before = await contents(source())
    const there = { ...redis(), ...(await bucket()) }
    const moved = await operate('migrate', source(), '--to', await envFile('there.env', there))
    expect(moved).toMatchObject({ isWell: true, said: expect.stringContaining('All is there.') })
    expect(await contents(there)).toEqual(before)
    const back = await operate('migrate', there, '--to', await envFile('back.env', elsewhere('back')))
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
    const cluster = {
      REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(','),
      ...secret,
      DATA_DIR: path.join(folder, 'c'),
    }
    const file = await envFile('cluster.env', cluster)
    const to = await openMetadata(readConfig(cluster), { info() {}, warn() {}, error() {} }, 'beside the server')
    // What other tests have left in the one Cluster that there is.
    for await (const { account, nameKey } of to.inventory.accounts()) {
      await to.accounts.beginDelete(account.uid, nameKey, 1)
      await to.accounts.finishDelete(account.uid)
    }
    await to.close()
    expect(await operate('migrate', source(), '--to', file, '--copy-only')).toMatchObject({ isWell: true })
    const moved = await operate('migrate', source(), '--to', file)
    expect(moved.said).toContain('4 images there already')
    expect((await openedUids(cluster)).sort()).toEqual((await openedUids(source())).sort())
    await app.metadata.settings.change({ read_only: null })
  })

  test('with another secret is refused, with the cure', async () => {
    const file = await envFile('secret.env', {
      ...elsewhere('secret'),
      SECRET_KEY: 'another one of these tests, as long as that',
    })
    await expect(operate('migrate', source(), '--to', file)).rejects.toThrow('has another secret. Set SECRET_KEY')
  })
})

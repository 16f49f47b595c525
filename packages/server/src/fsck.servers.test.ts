import { mkdir, mkdtemp, readdir, readFile, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type RedisServer, startRedis } from '../../../scripts/redis/start-redis.ts'
import { createBucket } from './testing/create-bucket.ts'
import { flaskKey, flaskSecret, flaskUid, startFlaskDeployment } from './testing/flask-deployment.ts'
import { furnish } from './testing/furnished-site.ts'
import { type Environment, envFile, operate, secret } from './testing/operate.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp } from './testing/start-test-app.ts'

/** Their own: what moves here is a whole site with its settings. */
let redisServer: RedisServer
let folder: string
beforeAll(async () => {
  redisServer = await startRedis()
  folder = await mkdtemp(path.join(tmpdir(), 'imagehost-fsck-'))
})
afterAll(async () => {
  await redisServer.stop()
  await rm(folder, { recursive: true, force: true })
})

const elsewhere = (name: string): Environment => ({ DATA_DIR: path.join(folder, name), ...secret })
/** Each number is an empty database. */
const redis = (number: number): Environment => ({ REDIS_URL: `${redisServer.url}/${number}`, ...secret })
const bucket = async (): Promise<Environment> => (await createBucket(inject('s3'))).env

describe('fsck', () => {
  const old = new Date(Date.now() - 2 * 86_400_000)

  test.each<[string, () => Promise<Environment> | Environment]>([
    ['files', () => elsewhere('checked')],
    ['a bucket', async () => ({ ...redis(1), ...(await bucket()) })],
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
      return path.join(directory, (await readdir(directory)).find((name) => !name.startsWith('.'))!)
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

  test('makes private images of objects whose metadata are lost and whose labels say nothing to this server', async () => {
    const lost = elsewhere('lost')
    const there = await startTestApp(lost)
    const { user, images: ids } = await furnish(there)
    await there.sweeper.sweep()
    await there.stop()
    for (const name of await readdir(path.join(folder, 'lost')))
      if (name.startsWith('imagehost.db')) await rm(path.join(folder, 'lost', name))
    const other = { ...lost, SECRET_KEY: 'another one than that which has sealed the labels' }
    expect((await operate('fsck', other, '--rebuild')).said).toContain('no problem, 4 images made private')
    expect((await operate('fsck', other, '--rebuild')).said).toMatch(/no problem\.$/)
    const again = await startTestApp(other)
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
    const file = await envFile(folder, 'bucket.env', { ...elsewhere('bucket-source'), ...other })
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
    const here = { ...elsewhere('after-flask'), ...redis(2), FLASK_SECRET: flaskSecret }
    const brought = await operate('import', here, 'flask', await envFile(folder, 'flask.env', theirs))
    expect(brought).toMatchObject({ isWell: true, said: expect.stringContaining('1 images copied') })
    const there = await startTestApp(here)
    expect((await there.fetch('http://images.test/i/img_00000001')).status).toBe(200)
    const { items } = await there.client(flaskKey(flaskUid)).images.list({ query: {} })
    expect(items.map(({ id }) => id)).toEqual(['img_00000001'])
    await there.stop()
    await flask.stop()
  })
})

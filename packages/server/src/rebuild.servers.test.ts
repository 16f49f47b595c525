import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createClient } from 'redis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type RedisServer, startRedis } from '../../../scripts/redis/start-redis.ts'
import { systemClock } from './ports/clock.ts'
import { createBucket } from './testing/create-bucket.ts'
import { newAdministrator } from './testing/new-administrator.ts'
import { envFile, operate, secret } from './testing/operate.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp, type TestApp } from './testing/start-test-app.ts'
import { uploadPicture } from './testing/upload-picture.ts'

/** A Redis that is emptied while a server works with it, and what `fsck --rebuild` makes of the objects that are left. */
let redis: RedisServer
let folder: string
beforeAll(async () => {
  redis = await startRedis()
  folder = await mkdtemp(path.join(tmpdir(), 'imagehost-rebuild-'))
})
afterAll(async () => {
  await redis.stop()
  await rm(folder, { recursive: true, force: true })
})

/** Each number is an empty database. */
const redisAt = (number: number) => ({ REDIS_URL: `${redis.url}/${number}`, ...secret })

async function empty({ REDIS_URL: url }: { REDIS_URL: string }): Promise<void> {
  const client = createClient({ url })
  await client.connect()
  await client.flushDb()
  client.destroy()
}

const recordsIn = async (app: TestApp) =>
  new Map((await Array.fromAsync(app.metadata.inventory.images())).map((image) => [image.id, image]))

const statusOf = async (app: TestApp, id: string) => (await app.fetch(`http://images.test/i/${id}`)).status

/** Images by what happened to them; each could be seen by anybody at some time, or never. */
async function exhibit(app: TestApp) {
  const { client, ...user } = await app.user()
  let seed = 0
  const upload = async (options: Parameters<typeof uploadPicture>[3]) =>
    (await uploadPicture(app, user, await pictures.jpegWithGps({ seed: seed++ }), options)).id
  const seen = {
    public: await upload({ visibility: 'public', title: 'Grüße', tags: 'sea,sky', filename: 'Grüße aus Köln.JPG' }),
    untouched: await upload({}),
    renamed: await upload({}),
    opened: await upload({ visibility: 'private' }),
    prolonged: await upload({ expires_in: 3_600 }),
    restored: await upload({}),
  }
  const unseen = {
    private: await upload({ visibility: 'private' }),
    closed: await upload({ visibility: 'public' }),
    closedAndTagged: await upload({}),
    hidden: await upload({}),
    trashed: await upload({ visibility: 'public' }),
    restoredAndTrashed: await upload({}),
  }
  const change = (id: string, body: object) => client.images.update({ params: { id }, body })
  await change(seen.renamed, { filename: 'other.jpg', title: 'Another' })
  await change(seen.opened, { visibility: 'unlisted' })
  await change(seen.prolonged, { expires_at: null })
  await change(unseen.closed, { visibility: 'private' })
  await Promise.all([
    client.collection.bulk({ body: { ids: [unseen.closedAndTagged], action: 'visibility', visibility: 'private' } }),
    client.collection.bulk({ body: { ids: [unseen.closedAndTagged], action: 'tag', tags: ['late'] } }),
  ])
  for (const id of [seen.restored, unseen.restoredAndTrashed]) {
    await client.trash.put({ params: { id } })
    await client.trash.restore({ params: { id } })
  }
  for (const id of [unseen.trashed, unseen.restoredAndTrashed]) await client.trash.put({ params: { id } })
  const { client: administrator } = await newAdministrator(app)
  await app.client().reports.create({ params: { id: unseen.hidden }, body: { reason: 'illegal' } })
  const [report] = (await administrator.reports.list()).items
  await administrator.reports.resolve({ params: { rid: report!.id }, body: { action: 'hide' } })
  return { seen, unseen }
}

test.each([
  ['files', async () => ({ ...redisAt(0), DATA_DIR: path.join(folder, 'files') })],
  [
    'a bucket',
    async () => ({ ...redisAt(1), DATA_DIR: path.join(folder, 's3'), ...(await createBucket(inject('s3'))).env }),
  ],
] as const)(
  'with %s, every image is again as it was, and none that not everybody may see is seen by anybody on the way',
  async (_, where) => {
    const env = await where()
    const app = await startTestApp(env, { clock: systemClock })
    const { seen, unseen } = await exhibit(app)
    const before = await recordsIn(app)
    await empty(env)
    let isOver = false
    const looked: number[] = []
    const look = async () => {
      while (!isOver) for (const id of Object.values(unseen)) looked.push(await statusOf(app, id))
    }
    const looking = look()
    const rebuilt = await operate('fsck', env, '--rebuild')
    isOver = true
    await looking
    expect(new Set(looked)).toEqual(new Set([404]))
    expect(rebuilt).toMatchObject({ isWell: true, said: expect.stringContaining('12 images made as they were') })
    expect(rebuilt.said).not.toContain('private')

    const after = await recordsIn(app)
    for (const [name, id] of Object.entries({ ...seen, ...unseen })) {
      const { trashedAt, visibility, key, nextKey: __, views: ___, ...image } = after.get(id)!
      const { trashedAt: was, visibility: had, key: lay, nextKey: ____, views: _____, ...like } = before.get(id)!
      expect({ name, ...image }).toEqual({ name, ...like })
      expect({ name, isTrashed: trashedAt !== undefined, key }).toEqual({
        name,
        isTrashed: was !== undefined,
        key: lay,
      })
      expect({ name, visibility }).toEqual({ name, visibility: was === undefined ? had : 'private' })
    }
    for (const id of Object.values(seen)) expect(await statusOf(app, id)).toBe(200)
    await app.stop()
    expect((await operate('fsck', env, '--sample', '100', '--rate', '1000')).said).toContain('no problem')
  },
)

test('what was changed in the source while its bytes were copied elsewhere is known there too', async () => {
  const [from, to] = [
    { DATA_DIR: path.join(folder, 'from'), ...secret },
    { ...redisAt(2), DATA_DIR: path.join(folder, 'to') },
  ]
  const there = await envFile(folder, 'to.env', to)
  const source = await startTestApp(from, { clock: systemClock })
  const user = await source.user()
  const [open, closed] = [
    await uploadPicture(source, user, await pictures.jpeg({ seed: 1 })),
    await uploadPicture(source, user, await pictures.jpeg({ seed: 2 })),
  ]
  await operate('migrate', from, '--to', there, '--copy-only')
  await user.client.images.update({ params: { id: closed.id }, body: { visibility: 'private' } })
  await source.stop()
  expect((await operate('migrate', from, '--to', there)).isWell).toBe(true)
  await empty(to)
  expect((await operate('fsck', to, '--rebuild')).said).toContain('2 images made as they were')
  const app = await startTestApp(to, { clock: systemClock })
  expect([await statusOf(app, open.id), await statusOf(app, closed.id)]).toEqual([200, 404])
  await app.stop()
})

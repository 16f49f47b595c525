import { mkdir, rename, rmdir } from 'node:fs/promises'
import path from 'node:path'
import { createClient, type Image } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { type RedisServer, startRedis } from '../../../../scripts/redis/start-redis.ts'
import { pictures } from '../testing/pictures.ts'
import { createUploader } from '../testing/uploader.ts'
import { expectWholeOrNothing, keysIn } from './outcome.ts'
import { createSite, databases, houses, type Site } from './site.ts'

/** The real server dies by kill -9 when the record of an image is gone and its bytes are not yet. */
const s3 = inject('s3')
/** A deletion so old is not under way any more, and the lock of a sweeper that died is over. */
const staleSeconds = 6 * 60

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis({ settings: ['--databases', String(databases)] })
})

afterAll(() => redis.stop())

test.for(houses)(
  '$records, $bytes: a deletion that died before the bytes went is finished by the sweeper',
  async (house, { onTestFinished }) => {
    const site = await createSite(house, { redisUrl: redis.url, s3, onTestFinished })
    const server = await site.start()
    const { api_key: apiKey, uid } = await createClient({ baseUrl: server.url }).accounts.issueDevKey()
    const sent = await createUploader({ url: server.url, apiKey }).send(await pictures.jpeg())
    expect(sent.status).toBe(201)
    const image = (await sent.json()) as Image

    const thaw = await freeze(site, house.bytes, image)
    try {
      const headers = { 'x-api-key': apiKey }
      const cutOff = fetch(`${server.url}/api/v1/image/${image.id}`, { method: 'DELETE', headers }).then(
        ({ status }) => status,
        () => undefined,
      )
      await vi.waitFor(async () => {
        const { status } = await fetch(`${server.url}/api/v1/image/${image.id}`, { headers, redirect: 'manual' })
        expect(status).toBe(404)
      })
      await server.kill()
      expect(await cutOff).not.toBe(200)
    } finally {
      await thaw()
    }

    const app = await site.restart()
    const upload = { id: image.id, apiKey, uid }
    await expectWholeOrNothing(app, upload, false)
    expect(await site.placesOf(image.id)).not.toEqual([])
    app.pass(staleSeconds)
    await app.sweeper.sweep()
    await expectWholeOrNothing(app, upload, false)
    expect(await keysIn(app)).toEqual([])
    expect(await site.placesOf(image.id)).toEqual([])
  },
)

/** Makes the store unable to delete; returns what makes it well again. */
async function freeze(site: Site, bytes: 'files' | 'S3', image: Image): Promise<() => Promise<void>> {
  if (bytes === 'S3') {
    process.kill(-s3.pid, 'SIGSTOP')
    return async () => void process.kill(-s3.pid, 'SIGCONT')
  }
  // Root may delete any file, but nobody may unlink a folder.
  const file = path.join(site.directory, 'blobs', image.key)
  await rename(file, `${file}.aside`)
  await mkdir(file)
  return async () => {
    await rmdir(file)
    await rename(`${file}.aside`, file)
  }
}

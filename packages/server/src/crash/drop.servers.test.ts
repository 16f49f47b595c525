import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type RedisServer, startRedis } from '../../../../scripts/redis/start-redis.ts'
import { pictures } from '../testing/pictures.ts'
import { draftSeconds, keysIn } from './outcome.ts'
import { createSite, databases, houses } from './site.ts'

/** The real server dies by kill -9 while a guest uploads by a drop link: what is in the album, and what the link counts, is what was kept. */
const steps = ['claim', 'store', 'place', 'commit', 'finish']
const cases = houses.flatMap((house) =>
  steps.flatMap((step) => [false, true].map((holds) => ({ ...house, step, holds }))),
)

let redis: RedisServer

beforeAll(async () => {
  redis = await startRedis({ settings: ['--databases', String(databases)] })
})

afterAll(() => redis.stop())

test.concurrent.for(cases)(
  '$records, $bytes, held $holds: killed after $step, album and link say what was kept',
  async ({ step, holds, ...house }, { onTestFinished }) => {
    const site = await createSite(house, { redisUrl: redis.url, s3: inject('s3'), onTestFinished })
    const server = await site.start(step)
    const { api_key: apiKey } = await createClient({ baseUrl: server.url }).accounts.issueDevKey()
    const before = createClient({ baseUrl: server.url, apiKey, retries: 0 })
    const { id: album } = await before.albums.create({ body: { name: 'Wedding' } })
    const { slug } = await before.drops.create({ params: { album }, body: { max_files: 1, holds } })
    const upload = {
      method: 'POST',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(await pictures.png()),
    }
    const cutOff = expect(fetch(`${server.url}/d/${slug}/upload`, upload)).rejects.toThrow()
    await server.stopped
    await server.kill()
    await cutOff

    const app = await site.restart()
    app.pass(draftSeconds)
    await app.sweeper.sweep()
    const client = app.client(apiKey)
    const kept = steps.indexOf(step) >= steps.indexOf('commit') ? 1 : 0
    const { items } = await client.images.list()
    expect(items).toHaveLength(kept)
    const inside = (await client.albums.images({ params: { album } })).items
    const waiting = (await client.albums.held({ params: { album } })).items
    expect((holds ? waiting : inside).map(({ id }) => id)).toEqual(items.map(({ id }) => id))
    expect(holds ? inside : waiting).toEqual([])
    expect(await app.metadata.albumImages.listHeld(album)).toHaveLength(holds ? kept : 0)
    expect((await client.albums.get({ params: { album } })).image_count).toBe(holds ? 0 : kept)
    expect((await client.drops.list({ params: { album } })).items).toMatchObject([{ files: kept }])
    expect(await keysIn(app)).toHaveLength(kept)
    const again = await app.fetch(`http://images.test/d/${slug}/upload`, upload)
    expect(again.status).toBe(kept ? 409 : 201)
  },
)

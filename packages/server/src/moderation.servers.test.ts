import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { createRedisStore } from './infrastructure/redis/store.ts'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'
import { createUploader } from './testing/uploader.ts'

/** Two servers on one Redis, or one Cluster, and one bucket: what an administrator does at one of them holds at the other. */
const engines = {
  Redis: { env: { REDIS_URL: `${inject('redisUrl')}/2` }, address: { url: `${inject('redisUrl')}/2` } },
  'Redis Cluster': {
    env: { REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(',') },
    address: { clusterUrls: inject('redisClusterUrls') },
  },
}

/** What is changed holds everywhere within this time. */
const promisedMs = 1_000

describe.each(Object.entries(engines))('%s', (_, { env: engine, address }) => {
  let here: ServerProcess
  let there: ServerProcess
  let adminKey: string
  let userKey: string

  beforeAll(async () => {
    const { env: bucket } = await createBucket(inject('s3'))
    const env = { ...engine, ...bucket, SECRET_KEY: 'of these tests, and of nothing else' }
    ;[here, there] = await Promise.all([startServerProcess(env), startServerProcess(env)])
    const store = await createRedisStore(address)
    const admin = await client(here).accounts.issueDevKey()
    await store.accounts.change(admin.uid, { role: 'admin' })
    await store.close()
    adminKey = admin.api_key
    userKey = (await client(here).accounts.issueDevKey()).api_key
  })
  afterAll(() => Promise.all([here.stop(), there.stop()]))

  const client = ({ url }: ServerProcess, apiKey?: string) =>
    createClient({ baseUrl: url, retries: 0, ...(apiKey !== undefined && { apiKey }) })

  async function upload(seed: number): Promise<string> {
    const uploader = createUploader({ url: here.url, apiKey: userKey })
    const id = await uploader.stage(await pictures.jpeg({ seed }))
    expect((await uploader.complete(id)).status).toBe(201)
    return id
  }

  const statusAt = async ({ url }: ServerProcess, id: string, key?: string) =>
    (await fetch(`${url}/i/${id}`, { headers: { ...(key && { 'x-api-key': key }) } })).status

  async function reported(id: string): Promise<string> {
    await client(there).reports.create({ params: { id }, body: { reason: 'illegal' } })
    const { items } = await client(here, adminKey).reports.list()
    return items.find(({ image_id }) => image_id === id)!.id
  }

  test('an image hidden at one is gone at the other within a second, but for its owner, and comes back', async () => {
    const id = await upload(1)
    const rid = await reported(id)
    const resolve = (action: 'hide' | 'restore') =>
      client(here, adminKey).reports.resolve({ params: { rid }, body: { action } })
    // Kept warm, so that the other server believes what it has read as long as it ever does.
    const keepAsking = async (until: number): Promise<number> => {
      const asked = performance.now()
      if ((await statusAt(there, id)) === until) return asked
      return keepAsking(until)
    }
    await keepAsking(200)
    await resolve('hide')
    const hidden = performance.now()
    expect((await keepAsking(404)) - hidden).toBeLessThan(promisedMs)
    expect([await statusAt(here, id), await statusAt(there, id, userKey), await statusAt(there, id, adminKey)]).toEqual(
      [404, 200, 200],
    )
    await resolve('restore')
    const restored = performance.now()
    expect((await keepAsking(200)) - restored).toBeLessThan(promisedMs)
  })

  test('bytes blocked at one are refused at the other at once', async () => {
    const id = await upload(2)
    await client(here, adminKey).reports.resolve({ params: { rid: await reported(id) }, body: { action: 'block' } })
    const uploader = createUploader({ url: there.url, apiKey: userKey })
    const again = await uploader.complete(await uploader.stage(await pictures.jpeg({ seed: 2 })))
    expect(await again.json()).toMatchObject({ error: { code: 'blocked_content' } })
  })

  test('both write one audit log, in one order', async () => {
    const names = Array.from({ length: 10 }, (_, n) => `key ${n}`)
    for (const [n, name] of names.entries()) {
      const at = n % 2 === 0 ? here : there
      await client(at, userKey).keys.create({ body: { name, scopes: ['upload'] } })
    }
    const logs = await Promise.all(
      [here, there].map(
        async (at) => (await client(at, adminKey).audit.list({ query: { action: 'key.create' } })).items,
      ),
    )
    expect(logs[0]).toEqual(logs[1])
    expect(logs[0]!.slice(0, 10).map(({ details }) => details!.name)).toEqual(names.toReversed())
  })
})

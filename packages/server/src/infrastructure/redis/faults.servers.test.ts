import { performance } from 'node:perf_hooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { type RedisCluster, startCluster } from '../../../../../scripts/redis/start-cluster.ts'
import { type RedisServer, startRedis } from '../../../../../scripts/redis/start-redis.ts'
import { type MetadataStore, MetadataUnavailable } from '../../ports/metadata-store.ts'
import { begun, image, ownerUid } from '../../ports/samples.ts'
import { createRedisStore } from './store.ts'

/** What the port promises of a ping. */
const redWithinMs = 2_000
const recoveredWithinMs = 5_000
/** A refusal that waits for nothing. */
const atOnceMs = 100

describe('one Redis', () => {
  let redis: RedisServer
  let store: MetadataStore

  beforeEach(async () => {
    redis = await startRedis()
    store = await createRedisStore({ url: redis.url })
  })

  afterEach(async () => {
    await redis.restart()
    await store.close()
    await redis.stop()
  })

  test('that is frozen is noticed in time, refused to callers at once, and used again when it thaws', async () => {
    process.kill(redis.pid, 'SIGSTOP')
    expect(await failure(store.ping())).toBeLessThan(redWithinMs)
    expect(await failure(store.images.find('img_1'))).toBeLessThan(atOnceMs)
    expect(await failure(store.ping())).toBeLessThan(redWithinMs)
    process.kill(redis.pid, 'SIGCONT')
    expect(await recovery(store)).toBeLessThan(recoveredWithinMs)
  })

  test('that is frozen under load, and for longer than the connection lives, is used again', async () => {
    process.kill(redis.pid, 'SIGSTOP')
    const until = performance.now() + 4_000
    while (performance.now() < until) {
      await failure(store.images.find('img_1'))
      await new Promise(setImmediate)
    }
    expect(await failure(store.images.find('img_1'))).toBeLessThan(atOnceMs)
    process.kill(redis.pid, 'SIGCONT')
    expect(await recovery(store)).toBeLessThan(recoveredWithinMs)
  })

  test('that is killed and restarted has all that was answered', async () => {
    const answered: string[] = []
    const work = (async () => {
      for (let n = 0; n < 10_000; n++) {
        const id = `img_${n}`
        const claim = await begun(store, id)
        if (await store.images.commit(image(id), claim)) answered.push(id)
        if (n === 50) redis.kill()
      }
    })()
    await expect(work).rejects.toThrow(MetadataUnavailable)
    expect(await failure(store.ping())).toBeLessThan(atOnceMs)
    expect(await failure(store.images.find('img_1'))).toBeLessThan(atOnceMs)
    await redis.restart()
    expect(await recovery(store)).toBeLessThan(recoveredWithinMs)
    expect(answered.length).toBeGreaterThan(50)
    for (const id of answered) expect(await store.images.find(id)).toEqual(image(id))
    const { images } = await store.images.usage(ownerUid)
    expect((await store.imageIndex.list(ownerUid, { limit: 10_000 })).items).toHaveLength(images)
    expect(images).toBeGreaterThanOrEqual(answered.length)
  })

  test('that was not there at the start is an error within five seconds', async () => {
    await redis.kill()
    const before = performance.now()
    await expect(createRedisStore({ url: redis.url })).rejects.toThrow(MetadataUnavailable)
    expect(performance.now() - before).toBeLessThan(6_000)
  })
})

describe('a Cluster', () => {
  let cluster: RedisCluster
  let store: MetadataStore

  beforeAll(async () => {
    cluster = await startCluster()
  })

  beforeEach(async () => {
    store = await createRedisStore({ clusterUrls: cluster.urls })
  })

  afterEach(() => store.close())
  afterAll(() => cluster.stop())

  test('with a frozen node is red in time and recovers', async () => {
    process.kill(cluster.nodes[1]!.pid, 'SIGSTOP')
    expect(await failure(store.ping())).toBeLessThan(redWithinMs)
    process.kill(cluster.nodes[1]!.pid, 'SIGCONT')
    expect(await recovery(store)).toBeLessThan(recoveredWithinMs)
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.images.find(`img_${n}`)))
  })

  test('with a killed node is red in time and recovers when that is back', async () => {
    await cluster.nodes[2]!.kill()
    expect(await failure(store.ping())).toBeLessThan(redWithinMs)
    await cluster.nodes[2]!.restart()
    expect(await recovery(store)).toBeLessThan(recoveredWithinMs)
    await Promise.all(Array.from({ length: 50 }, (_, n) => store.images.find(`img_${n}`)))
  })
})

describe('a Cluster with replicas', () => {
  test('that lost a master goes on with its replica, and has all that was answered, unless it warned that a replica was late', async () => {
    const cluster = await startCluster({ replicas: 1 })
    const warnings: string[] = []
    const log = {
      info: () => {},
      error: () => {},
      warn: (_: object, message: string) => {
        if (message.startsWith('No Redis replica confirmed in time')) warnings.push(message)
      },
    }
    const store = await createRedisStore({ clusterUrls: cluster.urls, log })
    try {
      // Until the first warning a replica has confirmed each of them; what comes after it, a failover may lose.
      const confirmed: string[] = []
      for (let n = 0; n < 60; n++) {
        const id = `img_${n}`
        expect(await store.images.commit(image(id), await begun(store, id))).toBe(true)
        if (warnings.length === 0) confirmed.push(id)
      }
      await cluster.nodes[0]!.kill()
      await failure(store.ping())
      // The cluster itself takes its node timeout and an election first.
      await vi.waitFor(() => store.ping(), { timeout: 20_000, interval: 50 })
      for (const id of confirmed) expect(await store.images.find(id)).toEqual(image(id))
      expect((await store.images.usage(ownerUid)).images).toBeGreaterThanOrEqual(confirmed.length)
      if (confirmed.length === 60) expect((await store.images.usage(ownerUid)).images).toBe(60)
    } finally {
      await store.close()
      await cluster.stop()
    }
  })
})

/** How long a call takes to fail as the port promises. */
async function failure(call: Promise<unknown>): Promise<number> {
  const before = performance.now()
  await expect(call).rejects.toThrow(MetadataUnavailable)
  return performance.now() - before
}

/** How long until the store answers again. */
async function recovery(store: MetadataStore): Promise<number> {
  const before = performance.now()
  await vi.waitFor(() => store.ping(), { timeout: 2 * recoveredWithinMs, interval: 20 })
  return performance.now() - before
}

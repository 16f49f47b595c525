import { randomBytes } from 'node:crypto'
import { createClient } from 'redis'
import { createRedisStore } from '../../packages/server/src/infrastructure/redis/store.ts'
import { startRedis } from '../../scripts/redis/start-redis.ts'
import { fillRedis, idOf } from '../collection.ts'
import type { Result, Scenario } from '../result.ts'

const images = 100_000

/** Over all keys, its views, its place in the collection and the two variants that each image gets included: 5 million have to fit in 7 GiB. */
export const scenario: Scenario = {
  summary: 'what an image costs in Redis, in one account and in a thousand',
  async run() {
    const results: Result[] = []
    for (const accounts of [1, 1_000]) results.push(await fill(accounts))
    return results
  },
}

async function fill(accounts: number): Promise<Result> {
  const redis = await startRedis({ appendonly: false })
  // Its schema and scripts cost the same however many images there are.
  await (await createRedisStore({ url: redis.url })).close()
  const before = await usedMemory(redis.url)
  await fillRedis(redis.url, (n) => `u_${String(n % accounts).padStart(16, '0')}`, { images })
  await countViews(redis.url)
  await makeVariants(redis.url)
  const bytes = (await usedMemory(redis.url)) - before
  await redis.stop()
  const work = `Redis memory of an image, ${images / accounts} in each account`
  return { work, unit: 'bytes', ours: bytes / images, goal: { atMost: 1_400 } }
}

async function countViews(url: string): Promise<void> {
  const store = await createRedisStore({ url })
  for (let n = 0; n < images; n += 1_000) {
    await store.images.addViews(new Map(Array.from({ length: 1_000 }, (_, at) => [idOf(n + at), 1_234])))
  }
  await store.close()
}

async function makeVariants(url: string): Promise<void> {
  const store = await createRedisStore({ url })
  const now = Math.floor(Date.now() / 1000)
  const make = async (id: string) => {
    for (const _ of ['thumb', 'medium']) {
      const name = `${randomBytes(12).toString('base64url')}.webp`
      await store.variants.begin(id, name, { now, max: 64 })
      await store.variants.settle(id, name)
    }
  }
  for (let n = 0; n < images; n += 500) await Promise.all(Array.from({ length: 500 }, (_, at) => make(idOf(n + at))))
  await store.close()
}

async function usedMemory(url: string): Promise<number> {
  const client = await createClient({ url }).connect()
  const info = await client.info('memory')
  await client.close()
  return Number(/used_memory:(\d+)/.exec(info)?.[1])
}

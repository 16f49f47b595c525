import { createClient } from 'redis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { createRedisStore } from './store.ts'

const keyPrefix = 'limiter:'
const url = inject('redisUrl')
let servers: MetadataStore[]
beforeAll(async () => {
  servers = await Promise.all([1, 2, 3].map(() => createRedisStore({ url, keyPrefix })))
})
afterAll(() => Promise.all(servers.map((server) => server.close())))

test('servers that share a Redis share the allowance', async () => {
  const asked = { limit: 10, windowSeconds: 60, now: Date.now() }
  const answers = await Promise.all(
    Array.from({ length: 48 }, (_, n) => servers[n % servers.length]!.limiter.take('anna', asked)),
  )
  expect(answers.filter(({ allowed }) => allowed)).toHaveLength(10)
})

test('what is whole again leaves Redis by itself', async () => {
  const { limiter } = servers[0]!
  await limiter.take('bert', { limit: 2, windowSeconds: 600, now: Date.now() })
  const client = await createClient({ url }).connect()
  const key = `${keyPrefix}imagehost:rate:bert`
  expect(await client.pTTL(key)).toBeGreaterThan(300_000)
  expect(await client.pTTL(key)).toBeLessThanOrEqual(360_000)
  await limiter.take('bert', { limit: 2, windowSeconds: 600, now: Date.now(), cost: -2 })
  expect(await client.exists(key)).toBe(0)
  await client.close()
})

import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { type RedisServer, startRedis } from '../../../../scripts/redis/start-redis.ts'
import { systemClock } from '../ports/clock.ts'
import { createBucket } from '../testing/create-bucket.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { beRefused, conversations, converse } from './conversations.conformance.ts'

let redis: RedisServer
let app: TestApp
let address: string
beforeAll(async () => {
  redis = await startRedis()
  const bucket = await createBucket(inject('s3'), 'guest')
  const env = { ...bucket.env, REDIS_URL: redis.url, FLASK_SECRET: 'a-flask-secret', PUBLIC_URL: '' }
  app = await startTestApp(env, { clock: systemClock })
  address = await app.server.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(async () => {
  await app?.stop()
  await redis?.stop()
})

for (const [who, client] of Object.entries(conversations)) {
  test(`${who} works unchanged on Redis and S3, from registering to deleting`, () => converse(client, address))
  test(`${who} is told what is wrong in the codes that it knows, on Redis and S3`, () => beRefused(client, address))
}

test('the check of Redis says that it is there', async () => {
  const response = await fetch(`${address}/redis-check`)
  expect({ status: response.status, body: await response.json() }).toEqual({ status: 200, body: { redis: true } })
})

import { createClient } from 'redis'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { createRedisStore } from './store.ts'

/** What a crash in the middle of a claim leaves. */
const prefix = 'setup:'
const redis = createClient({ url: inject('redisUrl') })
let store: MetadataStore

beforeAll(async () => {
  await redis.connect()
  store = await createRedisStore({ url: inject('redisUrl'), keyPrefix: prefix })
  await store.accounts.create({ uid: 'u_anna', username: 'anna', createdAt: 1 }, 'anna')
})

afterAll(async () => {
  await store.close()
  await redis.close()
})

test('a claim of an account that is gone by now is forgotten at the next start', async () => {
  await redis.hSet(`${prefix}imagehost:setup`, 'admin', 'u_gone')
  expect(await store.setup.claim('u_anna')).toBe(false)
  expect(await store.setup.begin('nonce')).toBe('nonce')
})

test('a claim that a crash cut short is finished at the next start', async () => {
  await redis.hSet(`${prefix}imagehost:setup`, 'admin', 'u_anna')
  expect(await store.setup.begin('nonce')).toBeUndefined()
  expect(await store.accounts.find('u_anna')).toMatchObject({ role: 'admin' })
})

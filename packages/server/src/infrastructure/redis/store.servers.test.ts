import { describe, expect, inject, test } from 'vitest'
import { metadataLaws } from '../../ports/laws.ts'
import { createRedisStore } from './store.ts'

const engines = {
  Redis: { url: inject('redisUrl') },
  'Redis Cluster': { clusterUrls: inject('redisClusterUrls') },
}

let stores = 0

describe.each(Object.entries(engines))('%s', (engine, address) => {
  describe.each(Object.entries(metadataLaws))('holds the law of %s', (_, law) => {
    test.each(Object.entries(law))('%s', async (_, check) => {
      const store = await createRedisStore({ ...address, keyPrefix: `laws${stores++}:` })
      try {
        await check(store)
      } finally {
        await store.close()
      }
    })
  })

  test('answers a ping, and none after it was closed', async () => {
    const store = await createRedisStore({ ...address, keyPrefix: `${engine.length}ping:` })
    await store.ping()
    await store.close()
    await store.close()
    await expect(store.ping()).rejects.toMatchObject({ name: 'MetadataUnavailable' })
  })
})

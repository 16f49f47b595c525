import fc from 'fast-check'
import { createClient } from 'redis'
import { expect, inject, test } from 'vitest'
import { keySlot } from './key-slot.ts'
import { createKeys } from './keys.ts'

test('the slot of a key is the one that Redis says', async () => {
  const redis = await createClient({ url: inject('redisClusterUrls')[0]! }).connect()
  const property = fc.asyncProperty(fc.oneof(fc.string(), fc.stringMatching(/^[a-c{}]{0,8}$/)), async (key) => {
    expect(keySlot(key)).toBe(Number(await redis.sendCommand(['CLUSTER', 'KEYSLOT', key])))
  })
  await fc.assert(property, { numRuns: 300 })
  await redis.close()
})

test.each(['', 't1:'])('all of one image is in one slot, and all of one collection (prefix "%s")', (prefix) => {
  const keys = createKeys(prefix)
  const slots = (...all: string[]) => new Set(all.map(keySlot)).size
  expect(slots(keys.image('img_1'), keys.draft('img_1'), keys.deleting('img_1'))).toBe(1)
  expect(slots(keys.listed('u_1'), keys.reserved('u_1'), keys.bytes('u_1'), keys.sources('u_1'))).toBe(1)
  expect(slots(keys.account('u_1'), keys.tokens('u_1'))).toBe(1)
  expect(slots(keys.uploads, keys.uploadBytes)).toBe(1)
})

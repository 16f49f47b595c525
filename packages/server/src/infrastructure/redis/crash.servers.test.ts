import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { begun, claimed, draft, image, lease, noLimits, ownerUid, stored } from '../../ports/samples.ts'
import { type Connection, connect } from './connection.ts'
import { type Scene, withEachDeath as withDeaths } from './start-test-deaths.ts'

/** A process dies between any two commands that it sends; then another one repeats the call, or the sweeper comes, or both. */
const silent = { info() {}, warn() {}, error() {} }
const engines = { Redis: { url: inject('redisUrl') }, Cluster: { clusterUrls: inject('redisClusterUrls') } }

describe.each(Object.entries(engines))('%s', (engine, address) => {
  let connection: Connection

  beforeAll(async () => {
    connection = await connect(address, silent)
  })

  afterAll(() => connection.close())

  const withEachDeath = (name: string, scene: Scene) => withDeaths(connection, `${engine}-${name}`, scene)

  describe.each([true, false])('an upload (staged: %s) that died at any command', (staged) => {
    const work = async (store: MetadataStore) => {
      expect(await store.uploads.create(draft('img_1', { staged }), noLimits)).toBe('created')
      const claim = await claimed(store, 'img_1')
      await store.uploads.renew(claim, 1_012_000)
      expect(await store.uploads.reserve(claim, { reserveBytes: 10, maxBytes: 100 })).toBe(true)
      expect(await store.images.commit(image('img_1'), claim)).toBe(true)
      await store.uploads.finish(claim)
    }

    test('becomes one image when it is repeated, if it had begun', () =>
      withEachDeath(`repeat-${staged}`, {
        work,
        async check(store) {
          await repeat(store)
          await expectWhole(store)
          await sweep(store)
          await expectWhole(store)
          await expectNothingLeft(store)
        },
      }))

    test('is an image or nothing after the sweeper', () =>
      withEachDeath(`sweep-${staged}`, {
        work,
        async check(store) {
          await sweep(store)
          await expectWhole(store)
          await expectNothingLeft(store)
        },
      }))
  })

  test('a discarded upload that died at any command is swept', () =>
    withEachDeath('discard', {
      async prepare(store) {
        await begun(store, 'img_1')
      },
      async work(store) {
        await store.uploads.discard(draft('img_1'))
        await store.uploads.finish(draft('img_1'))
      },
      async check(store) {
        await sweep(store)
        expect(await store.images.find('img_1')).toBeUndefined()
        await expectNothingLeft(store)
      },
    }))

  test('a deletion that died at any command is whole or undone, and ends when it is repeated or swept', () =>
    withEachDeath('delete', {
      async prepare(store) {
        await stored(store, 'img_1', { sourceSha256: 'ab'.repeat(32) })
      },
      async work(store) {
        await store.images.beginDelete('img_1', 1_100)
        await store.images.finishDelete('img_1')
      },
      async check(store) {
        const visible = await store.images.find('img_1')
        await sweep(store)
        expect(await store.images.find('img_1')).toEqual(visible)
        await expectWhole(store)
        await expectNothingLeft(store)
        await store.images.beginDelete('img_1', 1_300)
        await store.images.finishDelete('img_1')
        await expectWhole(store)
        await expectNothingLeft(store)
      },
    }))
})

/** What the client does that got no answer, from another process and after the lease. */
async function repeat(store: MetadataStore): Promise<void> {
  const result = await store.uploads.claim('img_1', lease(1_100))
  if (result.state !== 'claimed') return
  expect(await store.images.commit(image('img_1'), result.claim)).toBe(true)
  await store.uploads.finish(result.claim)
}

/** What the sweeper does, long after all expiries. */
async function sweep({ uploads, images }: MetadataStore): Promise<void> {
  for (const trace of await uploads.listExpired({ before: 20_000, limit: 10 })) {
    await uploads.discard(trace)
    await uploads.finish(trace)
  }
  for (const { id } of await images.listDeletions({ before: 20_000, limit: 10 })) await images.finishDelete(id)
}

/** The image is there, listed and counted once; or none of it. */
async function expectWhole({ images, imageIndex }: MetadataStore): Promise<void> {
  const found = await images.find('img_1')
  expect(await imageIndex.list(ownerUid, { limit: 5 })).toEqual({ items: found ? [found] : [] })
  expect(await images.usage(ownerUid)).toEqual(found ? { images: 1, bytes: 10 } : { images: 0, bytes: 0 })
}

/** No trace, no deletion, no draft, and all of the quota is free. */
async function expectNothingLeft({ uploads, images }: MetadataStore): Promise<void> {
  expect(await uploads.listExpired({ before: 99_999, limit: 5 })).toEqual([])
  expect(await images.listDeletions({ before: 99_999, limit: 5 })).toEqual([])
  expect(await uploads.find('img_1')).toBeUndefined()
  const { bytes } = await images.usage(ownerUid)
  const limits = { maxDrafts: 1, reserveBytes: 1, maxBytes: bytes + 1 }
  expect(await uploads.create(draft('img_2'), limits)).toBe('created')
  await uploads.discard(draft('img_2'))
  await uploads.finish(draft('img_2'))
}

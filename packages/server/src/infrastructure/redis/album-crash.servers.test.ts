import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { album, albumLimits, albumWith, image, ownerUid, stored } from '../../ports/samples.ts'
import { type Connection, connect } from './connection.ts'
import { type Scene, withEachDeath as withDeaths } from './start-test-deaths.ts'

/** A process dies between any two commands that change albums; what another one finds is whole, or gone, or mended by repeating it. */
const silent = { info() {}, warn() {}, error() {} }
const engines = { Redis: { url: inject('redisUrl') }, Cluster: { clusterUrls: inject('redisClusterUrls') } }

describe.each(Object.entries(engines))('%s', (engine, address) => {
  let connection: Connection

  beforeAll(async () => {
    connection = await connect(address, silent)
  })

  afterAll(() => connection.close())

  const withEachDeath = (name: string, scene: Scene) => withDeaths(connection, `${engine}-album-${name}`, scene)

  test('an album whose making died is there and listed, or takes no place of its account', () =>
    withEachDeath('create', {
      async work({ albums }) {
        expect(await albums.create(album('alb_1'), { max: 1 })).toBe(true)
      },
      async check({ albums }) {
        const found = await albums.find('alb_1')
        expect((await albums.list(ownerUid, { limit: 5 })).items).toEqual(found ? [found] : [])
        expect(await albums.create(album('alb_2'), { max: 1 })).toBe(!found)
      },
    }))

  test('an image whose adding died is seen in the album only if it says so itself, and repeating it ends it', () =>
    withEachDeath('add', {
      async prepare(store) {
        await albumWith(store, 'alb_1', ['img_0'])
        await stored(store, 'img_1')
      },
      async work({ albumImages }) {
        expect(await albumImages.add('alb_1', ['img_1'], albumLimits)).toBe('added')
      },
      async check(store) {
        if ((await inAlbum(store)).includes('img_1'))
          expect(await store.albumImages.albumsOf('img_1')).toEqual(['alb_1'])
        expect(await store.albumImages.add('alb_1', ['img_1'], albumLimits)).toBe('added')
        expect(await inAlbum(store)).toEqual(['img_0', 'img_1'])
        expect((await store.albums.find('alb_1'))?.places).toBe(2)
      },
    }))

  test('an image that is deleted after its adding died is in no album', () =>
    withEachDeath('add-delete', {
      async prepare(store) {
        await albumWith(store, 'alb_1', ['img_0'])
        await stored(store, 'img_1')
      },
      async work({ albumImages }) {
        await albumImages.add('alb_1', ['img_1'], albumLimits)
      },
      async check(store) {
        await store.images.beginDelete('img_1', 1_100)
        await store.albumImages.leave('img_1')
        expect(await store.albumImages.albumsOf('img_1')).toEqual([])
        expect((await store.albums.find('alb_1'))?.places).toBe(1)
      },
    }))

  test('an image whose taking out died is in the album, or not seen in it; the next look at it clears its place', () =>
    withEachDeath('remove', {
      async prepare(store) {
        await albumWith(store, 'alb_1', ['img_0', 'img_1'])
      },
      async work({ albumImages }) {
        await albumImages.remove('alb_1', ['img_1'])
      },
      async check(store) {
        const isIn = (await store.albumImages.albumsOf('img_1')).length > 0
        expect(await inAlbum(store)).toEqual(isIn ? ['img_0', 'img_1'] : ['img_0'])
        expect((await store.albums.find('alb_1'))?.places).toBe(isIn ? 2 : 1)
      },
    }))

  test('what an image leaves is left by repeating it', () =>
    withEachDeath('leave', {
      async prepare(store) {
        await albumWith(store, 'alb_1', ['img_0', 'img_1'])
        await store.albums.create(album('alb_2'), { max: 9 })
        await store.albumImages.hold('alb_2', { imageId: 'img_1', visibility: 'public', heldAt: 1 }, { max: 9 })
        await store.images.beginDelete('img_1', 1_100)
      },
      work: ({ albumImages }) => albumImages.leave('img_1'),
      async check(store) {
        await store.albumImages.leave('img_1')
        expect(await store.albumImages.listHeld('alb_2')).toEqual([])
        expect((await store.albums.find('alb_1'))?.places).toBe(1)
      },
    }))

  test('an album whose deletion died is there as it was, or gone with all that pointed to it after the sweep', () =>
    withEachDeath('delete', {
      async prepare(store) {
        await albumWith(store, 'alb_1', ['img_0', 'img_1'])
        await stored(store, 'img_2')
        await store.albumImages.hold('alb_1', { imageId: 'img_2', visibility: 'public', heldAt: 1 }, { max: 9 })
        await store.grants.put(grant, { max: 9 })
        await store.drops.create(drop, { max: 9 })
      },
      async work({ albums }) {
        expect(await albums.beginDelete('alb_1', 1_100)).toBe(true)
        await albums.finishDelete('alb_1')
      },
      async check(store) {
        const isThere = (await store.albums.find('alb_1')) !== undefined
        for (const id of await store.albums.listDeletions({ before: 9_000, limit: 9 }))
          await store.albums.finishDelete(id)
        expect(await store.albums.listDeletions({ before: 9_000, limit: 9 })).toEqual([])
        expect((await store.albums.list(ownerUid, { limit: 9 })).items).toHaveLength(isThere ? 1 : 0)
        expect(await inAlbum(store)).toEqual(isThere ? ['img_0', 'img_1'] : [])
        expect(await store.albumImages.albumsOf('img_0')).toEqual(isThere ? ['alb_1'] : [])
        expect(await store.albumImages.listHeld('alb_1')).toHaveLength(isThere ? 1 : 0)
        expect((await store.grants.listOf('u_b', { limit: 9 })).items).toEqual(isThere ? [grant] : [])
        expect((await store.drops.find('slug-1')) !== undefined).toBe(isThere)
        expect(await store.images.find('img_0')).toEqual(image('img_0'))
      },
    }))

  test('a grant whose giving or taking back died is the same on both sides', async () => {
    const check = async ({ grants }: MetadataStore) => {
      const role = await grants.roleOf('alb_1', 'u_b')
      expect((await grants.listOf('u_b', { limit: 9 })).items).toEqual(role ? [grant] : [])
    }
    await withEachDeath('grant', {
      prepare: (store) => albumWith(store, 'alb_1', []),
      async work({ grants }) {
        expect(await grants.put(grant, { max: 9 })).toBe('granted')
      },
      check,
    })
    await withEachDeath('revoke', {
      async prepare(store) {
        await albumWith(store, 'alb_1', [])
        await store.grants.put(grant, { max: 9 })
      },
      async work({ grants }) {
        await grants.revoke('alb_1', 'u_b')
      },
      check,
    })
  })

  test('a drop link whose making or taking back died is known to its album as long as it is there', async () => {
    const check = async ({ drops }: MetadataStore) => {
      const found = await drops.find('slug-1')
      expect(await drops.list('alb_1')).toEqual(found ? [found] : [])
      expect(await drops.create({ ...drop, slug: 'slug-2' }, { max: 1 })).toBe(found ? 'full' : 'created')
    }
    await withEachDeath('drop', {
      prepare: (store) => albumWith(store, 'alb_1', []),
      async work({ drops }) {
        expect(await drops.create(drop, { max: 1 })).toBe('created')
      },
      check,
    })
    await withEachDeath('undrop', {
      async prepare(store) {
        await albumWith(store, 'alb_1', [])
        await store.drops.create(drop, { max: 1 })
      },
      async work({ drops }) {
        await drops.delete('slug-1')
      },
      check,
    })
  })
})

const grant = { albumId: 'alb_1', uid: 'u_b', role: 'view', createdAt: 1_000 } as const
const drop = {
  slug: 'slug-1',
  albumId: 'alb_1',
  createdAt: 1_000,
  showsAlbum: false,
  holds: false,
  visibility: 'unlisted',
} as const

const inAlbum = async ({ albumImages }: MetadataStore): Promise<string[]> =>
  (await albumImages.list('alb_1', { limit: 9 })).items.map(({ id }) => id)

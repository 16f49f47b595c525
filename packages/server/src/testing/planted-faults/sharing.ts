import type { PlantedFault } from './planted-fault.ts'

/** In the laws of albums and links. */
export const faultsOfSharing: readonly PlantedFault[] = [
  {
    mistake: 'the albums of an account are counted first and one is stored afterwards',
    law: 'albums',
    sentence: 'many who are made at once are never more than an account may have',
    plant: (store) => ({
      ...store,
      albums: {
        ...store.albums,
        async create(album, { max }) {
          if ((await store.albums.list(album.ownerUid, { limit: 100 })).items.length >= max) return false
          return store.albums.create(album, { max: 100 })
        },
      },
    }),
  },
  {
    mistake: 'the places of an album are counted first and one is taken afterwards',
    law: 'albumImages',
    sentence: 'of many who come in at once no more do than fit, and each has a place of its own',
    plant: (store) => ({
      ...store,
      albumImages: {
        ...store.albumImages,
        async add(albumId, imageIds, { max, ...limits }) {
          const album = await store.albums.find(albumId)
          if (album && album.places + imageIds.length > max) return 'full'
          return store.albumImages.add(albumId, imageIds, { ...limits, max: 100 })
        },
      },
    }),
  },
  {
    mistake: 'the grants of an album are counted first and one is given afterwards',
    law: 'grants',
    sentence: 'an album has no more grants than it may, however many are given at once',
    plant: (store) => ({
      ...store,
      grants: {
        ...store.grants,
        async put(grant, { max }) {
          if ((await store.grants.list(grant.albumId)).length >= max) return 'full'
          return store.grants.put(grant, { max: 100 })
        },
      },
    }),
  },
  {
    mistake: 'the files of a drop link are counted first and one is taken afterwards',
    law: 'drops',
    sentence: 'of many files at once exactly as many are taken as the link has left',
    plant: (store) => ({
      ...store,
      drops: {
        ...store.drops,
        async take(slug, file) {
          const drop = await store.drops.find(slug)
          if (!drop || drop.files >= (drop.maxFiles ?? Infinity)) return drop ? 'full' : 'gone'
          await store.drops.update(slug, { maxFiles: null, maxBytes: null })
          const taken = await store.drops.take(slug, file)
          await store.drops.update(slug, { maxFiles: drop.maxFiles ?? null, maxBytes: drop.maxBytes ?? null })
          return taken
        },
      },
    }),
  },
  {
    mistake: 'the views of a share are counted first and one is consumed afterwards',
    law: 'shares',
    sentence: 'of many openings at once exactly as many succeed as the share has views',
    plant: (store) => ({
      ...store,
      shares: {
        ...store.shares,
        async consumeView(slug, now) {
          const share = await store.shares.find(slug)
          if (!share || share.views >= (share.maxViews ?? Infinity)) return share ? 'ended' : 'gone'
          await store.shares.update(slug, { maxViews: null })
          const consumed = await store.shares.consumeView(slug, now)
          await store.shares.update(slug, { maxViews: share.maxViews ?? null })
          return consumed
        },
      },
    }),
  },
]

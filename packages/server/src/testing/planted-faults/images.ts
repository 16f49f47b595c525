import type { PlantedFault } from './planted-fault.ts'

/** In the laws of images, from upload to deletion. */
export const faultsOfImages: readonly PlantedFault[] = [
  {
    mistake: 'what was due a moment ago is deleted, prolonged or not',
    law: 'images',
    sentence: 'an expired image is deleted only if it has not been prolonged',
    plant: (store) => ({
      ...store,
      images: { ...store.images, beginDelete: (id, now) => store.images.beginDelete(id, now) },
    }),
  },
  {
    mistake: 'the end of a time range is taken in',
    law: 'imageIndex',
    sentence: 'bounds of time take in their first second and leave out their last',
    plant: (store) => ({
      ...store,
      imageIndex: {
        ...store.imageIndex,
        list: (uid, query) =>
          store.imageIndex.list(uid, query.to === undefined ? query : { ...query, to: query.to + 1 }),
      },
    }),
  },
  {
    mistake: 'what goes to the trash is deleted from the quota',
    law: 'trash',
    sentence: 'a quota counts what lies in the trash',
    plant: (store) => ({
      ...store,
      uploads: {
        ...store.uploads,
        create: (draft, { maxImages: _, maxBytes: __, ...limits }, lease) => store.uploads.create(draft, limits, lease),
      },
    }),
  },
  {
    mistake: 'a lease is looked at first and taken afterwards',
    law: 'uploads',
    sentence: 'of many who claim a draft at once exactly one gets it, and the others hear until when',
    plant: (store) => ({
      ...store,
      uploads: {
        ...store.uploads,
        async claim(id) {
          const draft = await store.uploads.find(id)
          if (!draft) return { state: 'missing' }
          return { state: 'claimed', draft, claim: { id, ownerUid: draft.ownerUid, fence: 1 } }
        },
      },
    }),
  },
  {
    mistake: 'the quota is compared with what was used a moment ago',
    law: 'uploads',
    sentence: 'many drafts at once never overshoot the quota of bytes',
    plant: (store) => ({
      ...store,
      uploads: {
        ...store.uploads,
        async create(draft, { maxBytes = Infinity, ...limits }) {
          const { bytes } = await store.images.usage(draft.ownerUid)
          return bytes + limits.reserveBytes > maxBytes ? 'quota_exceeded' : store.uploads.create(draft, limits)
        },
      },
    }),
  },
  {
    mistake: 'a commit takes any fence',
    law: 'images',
    sentence: 'the commit of an older claim is false and changes nothing, before and after the newer one',
    plant: (store) => ({
      ...store,
      images: {
        ...store.images,
        async commit(image, claim) {
          return (
            (await store.images.commit(image, claim)) ||
            store.images.commit(image, { ...claim, fence: claim.fence + 1 })
          )
        },
      },
    }),
  },
  {
    mistake: 'a view of a deleted image makes a record of nothing but views',
    law: 'images',
    sentence: 'neither views nor facts bring a deleted image back to life',
    plant(store) {
      const counters = new Map<string, number>()
      return {
        ...store,
        images: {
          ...store.images,
          async addViews(views) {
            for (const [id, more] of views) counters.set(id, (counters.get(id) ?? 0) + more)
          },
          async find(id) {
            const image = await store.images.find(id)
            const views = counters.get(id)
            if (image) return { ...image, views: image.views + (views ?? 0) }
            return views ? { id, ownerUid: '', key: '', filename: id, mime: '', createdAt: 0, views } : undefined
          },
        },
      }
    },
  },
  {
    mistake: 'a page skips what shares its second with the last of the page before',
    law: 'images',
    sentence: 'the list is newest first in pages that meet without gap or overlap, also where times are equal',
    plant: (store) => ({
      ...store,
      imageIndex: {
        ...store.imageIndex,
        list: (uid, { limit, after }) =>
          store.imageIndex.list(uid, after ? { limit, after: { createdAt: after.createdAt, id: '' } } : { limit }),
      },
    }),
  },
  {
    mistake: 'what is in the trash is not looked for',
    law: 'inventory',
    sentence: 'every image is met as it is, live or in the trash, and none that is being deleted',
    plant: (store) => ({
      ...store,
      inventory: {
        ...store.inventory,
        async *images() {
          for await (const image of store.inventory.images()) if (image.trashedAt === undefined) yield image
        },
      },
    }),
  },
  {
    mistake: 'whether the image is there is looked up before a variant of it is made',
    law: 'variants',
    sentence: 'one that arrives after its image was deleted is not made, and stays known until it is forgotten',
    plant(store) {
      const begun = new Set<string>()
      return {
        ...store,
        variants: {
          ...store.variants,
          async begin(imageId, name, options) {
            begun.add(`${imageId} ${name}`)
            return store.variants.begin(imageId, name, options)
          },
          commit: async (imageId, name) => begun.has(`${imageId} ${name}`),
        },
      }
    },
  },
]

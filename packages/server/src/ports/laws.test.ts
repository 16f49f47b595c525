import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createSqliteStore } from '../infrastructure/sqlite/store.ts'
import type { Answer } from './answers.ts'
import { metadataLaws } from './laws.ts'
import type { MetadataStore } from './metadata-store.ts'

/** A store with one mistake in it, as somebody might make it, and the sentence that must notice. */
interface PlantedFault {
  mistake: string
  law: string
  sentence: string
  plant(store: MetadataStore): MetadataStore
}

const faults: PlantedFault[] = [
  {
    mistake: 'account names are looked up first and taken afterwards',
    law: 'accounts',
    sentence: 'of many who register one name at once exactly one wins',
    plant: (store) => ({
      ...store,
      accounts: {
        ...store.accounts,
        async create(account, nameKey) {
          if (await store.accounts.findByName(nameKey)) return false
          await store.accounts.create(account, nameKey)
          return true
        },
      },
    }),
  },
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
    mistake: 'a page of accounts begins after a name instead of an account',
    law: 'accounts',
    sentence: 'accounts are listed by name without case, in pages that meet without gap or overlap',
    plant: (store) => ({
      ...store,
      accounts: {
        ...store.accounts,
        list: ({ after, ...page }) =>
          store.accounts.list({ ...page, ...(after && { after: { name: after.name, uid: 'u_~' } }) }),
      },
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
  {
    mistake: 'noting the use of a key writes it back whole',
    law: 'tokens',
    sentence: 'a deleted key never comes back to life, however its use is noted',
    plant: (store) => ({
      ...store,
      tokens: {
        ...store.tokens,
        async touch(hash, lastUsedAt) {
          const token = await store.tokens.findByHash(hash)
          if (!token) return
          await store.tokens.delete(token.uid, token.id)
          await store.tokens.create({ ...token, lastUsedAt })
        },
      },
    }),
  },
  {
    mistake: 'the cap on keys is counted before the new one is stored',
    law: 'tokens',
    sentence: 'many logins at once never leave more keys than the cap, nor fewer',
    plant: (store) => ({
      ...store,
      tokens: {
        ...store.tokens,
        async create(token, { keepNewest = 1_000 } = {}) {
          const held = await store.tokens.list(token.uid)
          for (const old of held.slice(keepNewest - 1)) await store.tokens.delete(token.uid, old.id)
          return store.tokens.create(token)
        },
      },
    }),
  },
  {
    mistake: 'the password of a login is compared first and its key stored afterwards',
    law: 'tokens',
    sentence: 'of logins beside a password change all that were told yes can be ended after it',
    plant: (store) => ({
      ...store,
      tokens: {
        ...store.tokens,
        async create(token, { passwordHash, ...terms } = {}) {
          const account = await store.accounts.find(token.uid)
          if (passwordHash !== undefined && account?.passwordHash !== passwordHash) return false
          for (let turn = 0; turn < 5; turn++) await store.ping().then(() => new Promise(setImmediate))
          return store.tokens.create(token, terms)
        },
      },
    }),
  },
  {
    mistake: 'the last time step is compared first and written afterwards',
    law: 'twoFactor',
    sentence: 'of many who bring one code at once exactly one is let in',
    plant: (store) => ({
      ...store,
      twoFactor: {
        ...store.twoFactor,
        async acceptStep(uid, accepted) {
          const factor = await store.twoFactor.find(uid)
          if (!factor || factor.lastStep >= accepted.step) return false
          await store.twoFactor.acceptStep(uid, accepted)
          return true
        },
      },
    }),
  },
  {
    mistake: 'whether the setup is over is looked at first, and it is ended afterwards',
    law: 'setup',
    sentence: 'of many who claim at once exactly one becomes administrator, and nobody afterwards',
    plant: (store) => ({
      ...store,
      setup: {
        ...store.setup,
        async claim(uid) {
          if ((await store.setup.begin('')) === undefined) return false
          await store.accounts.change(uid, { role: 'admin' })
          await store.setup.end()
          return true
        },
      },
    }),
  },
  {
    mistake: 'settings are read, merged and written back one by one',
    law: 'settings',
    sentence: 'of many changes to the same settings one stays whole',
    plant: (store) => ({
      ...store,
      settings: {
        ...store.settings,
        async change(changes) {
          const names = Object.keys(changes)
          // One way round or the other, as the order of an object may be.
          for (const name of Number(changes.a) % 2 === 0 ? names : names.reverse())
            await store.settings.change({ [name]: changes[name] })
        },
      },
    }),
  },
  {
    mistake: 'the uses of an invite are counted first and one is taken afterwards',
    law: 'invites',
    sentence: 'of many who use an invite of five at once exactly five may',
    plant: (store) => ({
      ...store,
      invites: {
        ...store.invites,
        async consume(hash, now) {
          const invite = await store.invites.find(hash)
          if (!invite || invite.used >= invite.uses) return undefined
          await store.invites.consume(hash, now)
          return invite.id
        },
      },
    }),
  },
  {
    mistake: 'a recovery code is looked up first and spent afterwards',
    law: 'twoFactor',
    sentence: 'of many who bring one recovery code at once exactly one is let in',
    plant: (store) => ({
      ...store,
      twoFactor: {
        ...store.twoFactor,
        async spendRecoveryCode(uid, hash) {
          const factor = await store.twoFactor.find(uid)
          if (!factor?.recoveryHashes.includes(hash)) return false
          await store.twoFactor.spendRecoveryCode(uid, hash)
          return true
        },
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
    mistake: 'a lock is looked at first and taken afterwards',
    law: 'locks',
    sentence: 'of many who want a lock at once exactly one gets it',
    plant(store) {
      const held = new Map<string, string>()
      return {
        ...store,
        locks: {
          ...store.locks,
          async acquire(name, holder) {
            const before = held.get(name)
            await store.ping()
            held.set(name, holder)
            return before === undefined
          },
        },
      }
    },
  },
  {
    mistake: 'an allowance is looked at first and taken from afterwards',
    law: 'limiter',
    sentence: 'of many who take at once exactly as many are allowed as there is',
    plant: (store) => ({
      ...store,
      limiter: {
        async take(name, withdrawal) {
          const { remaining } = await store.limiter.take(name, { ...withdrawal, cost: 0 })
          const taken = await store.limiter.take(name, withdrawal)
          return { ...taken, allowed: remaining > 0 }
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
  {
    mistake: 'a later answer takes the place of the first',
    law: 'answers',
    sentence: 'of many kept under one name at once exactly one stays, and everybody finds it',
    plant(store) {
      const kept = new Map<string, Answer>()
      return {
        ...store,
        answers: {
          keep: async (name, answer) => Boolean(kept.set(name, answer)),
          find: async (name) => kept.get(name),
        },
      }
    },
  },
  {
    mistake: 'a page of the log goes on after the second of the last entry',
    law: 'audit',
    sentence: 'of many entries at once none is lost, and pages of either order meet without gap or overlap',
    plant: (store) => ({
      ...store,
      audit: {
        ...store.audit,
        list: ({ after, ...range }) =>
          store.audit.list(after ? { ...range, after: `${after.split('-')[0]}-999` } : range),
      },
    }),
  },
  {
    mistake: 'a hash is looked up first and added afterwards',
    law: 'blocklist',
    sentence: 'of many who add one hash at once exactly one does, and its entry stays',
    plant: (store) => ({
      ...store,
      blocklist: {
        ...store.blocklist,
        async add(source) {
          if (await store.blocklist.find(source.sha256)) return false
          await store.blocklist.add(source)
          return true
        },
      },
    }),
  },
  {
    mistake: 'open reports are counted first and stored afterwards',
    law: 'reports',
    sentence: 'many reports of one image at once are never more than may be open',
    plant: (store) => ({
      ...store,
      reports: {
        ...store.reports,
        async create(report, { maxOpen, ...terms }) {
          if ((await store.reports.countOpen(report.imageId)) >= maxOpen) return false
          return store.reports.create(report, { maxOpen: 1_000, ...terms })
        },
      },
    }),
  },
]

let directory: string
let store: MetadataStore

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imagehost-laws-'))
  store = await createSqliteStore({ directory })
})

afterEach(async () => {
  await store.close()
  await rm(directory, { recursive: true })
})

test.each(faults)('the law of $law notices when $mistake', async ({ law, sentence, plant }) => {
  const check = metadataLaws[law]?.[sentence]
  if (!check) throw new Error(`There is no such sentence: ${sentence}`)
  await expect(check(plant(store))).rejects.toThrow(expect.objectContaining({ code: 'ERR_ASSERTION' }))
})

test('each law has a planted fault', () => {
  expect(new Set(faults.map(({ law }) => law))).toEqual(new Set(Object.keys(metadataLaws)))
})

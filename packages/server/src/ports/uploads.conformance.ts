import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import { begun, claimed, draft, image, lease, noLimits, ownerUid, stored } from './samples.ts'
import type { Draft } from './uploads.ts'

export const uploadsLaw: Law<MetadataStore> = {
  'a draft is found as it was created': async ({ uploads }) => {
    const full: Draft = draft('img_1', {
      title: 'a {b}',
      place: { albumId: 'alb_1', heldAs: 'unlisted', drop: { slug: 'slug-1', ticket: 't' } },
      keepMetadata: true,
      expiresInSeconds: 60,
      size: 7,
      sha256: 'ab'.repeat(32),
    })
    assert.equal(await uploads.create(full, noLimits), 'created')
    assert.equal(await uploads.create(draft('img_2', { keepMetadata: false, staged: false }), noLimits), 'created')
    assert.deepEqual(await uploads.find('img_1'), full)
    assert.deepEqual(await uploads.find('img_2'), draft('img_2', { keepMetadata: false, staged: false }))
    assert.equal(await uploads.find('img_3'), undefined)
  },
  'a draft over a limit is refused by its name and leaves nothing': async (store) => {
    const { uploads } = store
    const limits = { maxDrafts: 2, reserveBytes: 10, maxBytes: 35, maxImages: 3 }
    await stored(store, 'img_0')
    assert.equal(await uploads.create(draft('img_1'), limits), 'created')
    assert.equal(await uploads.create(draft('img_2'), { ...limits, reserveBytes: 16 }), 'quota_exceeded')
    assert.equal(await uploads.create(draft('img_2'), { ...limits, maxImages: 2 }), 'quota_exceeded')
    assert.equal(await uploads.create(draft('img_2'), limits), 'created')
    assert.equal(await uploads.create(draft('img_3'), limits), 'too_many_drafts')
    assert.equal(await uploads.find('img_3'), undefined)
    assert.deepEqual(await expired(store), ['img_1', 'img_2'])
  },
  'limits are per account': async ({ uploads }) => {
    const limits = { maxDrafts: 1, reserveBytes: 10, maxBytes: 10 }
    assert.equal(await uploads.create(draft('img_1'), limits), 'created')
    assert.equal(await uploads.create(draft('img_2', { ownerUid: 'u_other' }), limits), 'created')
  },
  'many drafts at once never overshoot the quota of bytes': async ({ uploads }) => {
    const answers = await atOnce((n) => uploads.create(draft(`img_${n}`), { ...noLimits, maxBytes: 55 }))
    assert.equal(countOf(answers, 'created'), 5)
    assert.equal(countOf(answers, 'quota_exceeded'), 11)
  },
  'many drafts at once never overshoot the number of drafts or images': async ({ uploads }) => {
    const drafts = await atOnce((n) => uploads.create(draft(`img_${n}`), { ...noLimits, maxDrafts: 5 }))
    assert.equal(countOf(drafts, 'created'), 5)
    const images = await atOnce((n) => uploads.create(draft(`img_b${n}`), { ...noLimits, maxImages: 8 }))
    assert.equal(countOf(images, 'created'), 3)
  },
  'what an account has open is listed and counted, expired drafts only listed': async (store) => {
    const { uploads } = store
    await uploads.create(draft('img_1'), { ...noLimits, reserveBytes: 7 })
    await uploads.create(draft('img_2', { expiresAt: 2_000 }), noLimits)
    await uploads.create(draft('img_3', { ownerUid: 'u_other' }), noLimits)
    await stored(store, 'img_4')
    const open = await uploads.listOpen(ownerUid, 9)
    assert.deepEqual(
      open.sort((a, b) => (a.id < b.id ? -1 : 1)),
      ['img_1', 'img_2'].map((id) => ({ id, ownerUid, key: draft(id).key })),
    )
    assert.equal((await uploads.listOpen(ownerUid, 1)).length, 1)
    assert.deepEqual(await uploads.usage(ownerUid, 2_000), { drafts: 2, bytes: 17 })
    assert.deepEqual(await uploads.usage(ownerUid, 2_001), { drafts: 1, bytes: 7 })
    assert.deepEqual(await uploads.usage('u_nobody', 1_000), { drafts: 0, bytes: 0 })
    assert.deepEqual(await uploads.listOpen('u_nobody', 9), [])
    await uploads.discard(draft('img_1'))
    assert.deepEqual(await uploads.usage(ownerUid, 2_001), { drafts: 0, bytes: 0 })
  },
  'drafts past their expiry count no longer': async ({ uploads }) => {
    const limits = { maxDrafts: 1, reserveBytes: 10, maxBytes: 10, maxImages: 1 }
    await uploads.create(draft('img_1', { expiresAt: 2_000 }), limits)
    assert.equal(await uploads.create(draft('img_2', { createdAt: 1_999 }), limits), 'too_many_drafts')
    assert.equal(await uploads.create(draft('img_3', { createdAt: 2_001 }), limits), 'created')
  },
  'of many who claim a draft at once exactly one gets it, and the others hear until when': async ({ uploads }) => {
    await uploads.create(draft('img_1'), noLimits)
    const answers = await atOnce(() => uploads.claim('img_1', lease(1_000)))
    const winner = answers.find(({ state }) => state === 'claimed')
    assert.deepEqual(winner, {
      state: 'claimed',
      draft: draft('img_1'),
      claim: { id: 'img_1', ownerUid, fence: 1 },
    })
    const others = answers.filter((answer) => answer !== winner)
    assert.deepEqual(others, new Array(15).fill({ state: 'busy', leaseUntil: 1_010_000 }))
  },
  'a claim after the lease has a higher fence, and the older one has lost': async (store) => {
    const { uploads } = store
    const first = await begun(store, 'img_1')
    const second = await claimed(store, 'img_1', 1_010)
    assert.ok(second.fence > first.fence)
    assert.equal(await uploads.renew(first, 9_000_000), false)
    assert.equal(await uploads.reserve(first, { reserveBytes: 1 }), false)
    assert.equal(await uploads.discard(first, first), false)
    await uploads.release(first)
    assert.equal((await uploads.claim('img_1', lease(1_011))).state, 'busy')
    assert.equal(await uploads.renew(second, 1_030_000), true)
    assert.deepEqual(await uploads.claim('img_1', lease(1_025)), { state: 'busy', leaseUntil: 1_030_000 })
  },
  'a released claim can be followed at once': async (store) => {
    const first = await begun(store, 'img_1')
    await store.uploads.release(first)
    assert.ok((await claimed(store, 'img_1')).fence > first.fence)
  },
  'a draft can be born claimed': async (store) => {
    const { uploads, images } = store
    assert.equal(await uploads.create(draft('img_1'), noLimits, 1_010_000), 'created')
    assert.deepEqual(await uploads.claim('img_1', lease(1_000)), { state: 'busy', leaseUntil: 1_010_000 })
    assert.equal(await images.commit(image('img_1'), { id: 'img_1', ownerUid, fence: 1 }), true)
  },
  'there is nothing to claim of what was never begun': async ({ uploads }) => {
    assert.deepEqual(await uploads.claim('img_1', lease()), { state: 'missing' })
    assert.equal(await uploads.renew({ id: 'img_1', ownerUid, fence: 1 }, 2_000_000), false)
    assert.equal(await uploads.find('img_1'), undefined)
  },
  'a reservation is replaced by the real size, or stays': async (store) => {
    const { uploads } = store
    const limits = { maxDrafts: 9, reserveBytes: 60, maxBytes: 100 }
    await uploads.create(draft('img_1'), limits)
    const claim = await claimed(store, 'img_1')
    assert.equal(await uploads.create(draft('img_2'), limits), 'quota_exceeded')
    assert.equal(await uploads.reserve(claim, { reserveBytes: 101, maxBytes: 100 }), false)
    assert.equal(await uploads.create(draft('img_2'), limits), 'quota_exceeded')
    assert.equal(await uploads.reserve(claim, { reserveBytes: 40, maxBytes: 100 }), true)
    assert.equal(await uploads.create(draft('img_2'), limits), 'created')
    assert.equal(await uploads.reserve(claim, { reserveBytes: 41, maxBytes: 100 }), false)
  },
  'many reservations at once never overshoot the quota': async (store) => {
    const claims = await atOnce(async (n) => {
      await store.uploads.create(draft(`img_${n}`), { ...noLimits, reserveBytes: 1 })
      return claimed(store, `img_${n}`)
    })
    // Each other draft holds 1 of the 100: 15 + 30 and 14 + 60 fit, 13 + 90 does not.
    const answers = await atOnce((n) => store.uploads.reserve(claims[n]!, { reserveBytes: 30, maxBytes: 100 }))
    assert.equal(countOf(answers, true), 2)
  },
  'a discarded draft can be neither claimed nor committed, and its share is free': async (store) => {
    const { uploads, images } = store
    const claim = await begun(store, 'img_1')
    assert.equal(await uploads.discard(claim, claim), true)
    assert.equal(await uploads.find('img_1'), undefined)
    assert.deepEqual(await uploads.claim('img_1', lease(1_020)), { state: 'missing' })
    assert.equal(await images.commit(image('img_1'), claim), false)
    assert.equal(await images.find('img_1'), undefined)
    assert.deepEqual(await images.usage(ownerUid), { images: 0, bytes: 0 })
    assert.equal(await uploads.create(draft('img_2'), { maxDrafts: 1, reserveBytes: 10, maxBytes: 10 }), 'created')
  },
  'a draft is discarded without a claim too, and repeating that is harmless': async (store) => {
    const claim = await begun(store, 'img_1')
    assert.equal(await store.uploads.discard({ id: 'img_1', ownerUid }), true)
    assert.equal(await store.uploads.discard({ id: 'img_1', ownerUid }), true)
    assert.equal(await store.images.commit(image('img_1'), claim), false)
  },
  'what is an image cannot be discarded': async (store) => {
    const claim = await begun(store, 'img_1')
    await store.images.commit(image('img_1'), claim)
    assert.equal(await store.uploads.discard(claim, claim), false)
    assert.equal(await store.uploads.discard(claim), false)
    assert.deepEqual(await store.images.find('img_1'), image('img_1'))
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 10 })
  },
  'of a commit and a sweep at once exactly one happens': async (store) => {
    const claims = await atOnce((n) => begun(store, `img_${n}`))
    const outcomes = await atOnce((n) =>
      Promise.all([store.images.commit(image(`img_${n}`), claims[n]!), store.uploads.discard(claims[n]!)]),
    )
    for (const [committed, discarded] of outcomes) assert.notEqual(committed, discarded)
    const committed = outcomes.filter(([yes]) => yes).length
    assert.deepEqual(await store.images.usage(ownerUid), { images: committed, bytes: 10 * committed })
  },
  'a trace stays until the upload is finished, whatever became of the draft': async (store) => {
    const { uploads, images } = store
    const [committed, discarded] = [await begun(store, 'img_1'), await begun(store, 'img_2')]
    await begun(store, 'img_3')
    await images.commit(image('img_1'), committed)
    await uploads.discard(discarded)
    assert.deepEqual(await expired(store), ['img_1', 'img_2', 'img_3'])
    await uploads.finish(committed)
    await uploads.finish(committed)
    await uploads.finish(discarded)
    assert.deepEqual(await expired(store), ['img_3'])
  },
  'a draft without staged bytes is finished by its commit': async (store) => {
    const claim = await begun(store, 'img_1', { staged: false })
    await store.images.commit(image('img_1'), claim)
    assert.deepEqual(await expired(store), [])
  },
  'expired uploads are listed oldest first, up to the limit, with what their sweeping needs': async ({ uploads }) => {
    for (const n of [3, 1, 2]) await uploads.create(draft(`img_${n}`, { expiresAt: 2_000 + n }), noLimits)
    assert.deepEqual(await uploads.listExpired({ before: 2_003, limit: 10 }), [
      { id: 'img_1', ownerUid, key: draft('img_1').key },
      { id: 'img_2', ownerUid, key: draft('img_2').key },
    ])
    assert.equal((await uploads.listExpired({ before: 9_000, limit: 2 })).length, 2)
  },
  'a draft does not expire while its lease is held': async (store) => {
    await store.uploads.create(draft('img_1', { expiresAt: 2_000 }), noLimits)
    const claim = await claimed(store, 'img_1', 1_995)
    assert.deepEqual(await store.uploads.listExpired({ before: 2_004, limit: 9 }), [])
    await store.uploads.renew(claim, 2_500_000)
    assert.deepEqual(await store.uploads.listExpired({ before: 2_499, limit: 9 }), [])
    assert.equal((await store.uploads.listExpired({ before: 2_600, limit: 9 })).length, 1)
  },
}

const expired = async ({ uploads }: MetadataStore): Promise<string[]> =>
  (await uploads.listExpired({ before: 9_000, limit: 100 })).map(({ id }) => id).sort()

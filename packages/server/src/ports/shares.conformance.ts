import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import { album, albumLimits, ownerUid, stored } from './samples.ts'
import type { NewShare, Shares } from './shares.ts'

export const sharesLaw: Law<MetadataStore> = {
  'a share is found as it was made': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    const full = share(1, {
      name: 'for “Grüße” {1}',
      passwordHash: '$argon2id$x',
      expiresAt: 2_000,
      maxViews: 3,
      allowDownload: false,
    })
    assert.equal(await shares.create(full, limits), 'created')
    assert.equal(await shares.create(share(2), limits), 'created')
    assert.deepEqual(await shares.find('slug-1'), { ...full, views: 0 })
    assert.deepEqual(await shares.find('slug-2'), { ...share(2), views: 0 })
    assert.equal(await shares.find('slug-3'), undefined)
    assert.equal(await shares.find('{slug-1}'), undefined)
    assert.deepEqual(slugs(await shares.list({ imageId: 'img_1' })), ['slug-1', 'slug-2'])
    assert.deepEqual(await shares.list({ imageId: 'img_2' }), [])
  },
  'an image has no more shares than it may, however many are made at once': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    const answers = await atOnce((n) => shares.create(share(n), { max: 5 }))
    assert.equal(countOf(answers, 'created'), 5)
    assert.equal(countOf(answers, 'full'), 11)
    assert.equal((await shares.list({ imageId: 'img_1' })).length, 5)
    for (const [n, answer] of answers.entries())
      assert.equal((await shares.find(`slug-${n}`)) !== undefined, answer === 'created')
    assert.equal(await shares.create(share(99, { imageId: 'img_2' }), limits), 'missing')
    assert.equal(await shares.find('slug-99'), undefined)
  },
  'of many openings at once exactly as many succeed as the share has views': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    await shares.create(share(1, { maxViews: 5 }), limits)
    await shares.create(share(2), limits)
    const answers = await atOnce(() => shares.consumeView('slug-1', 1_500))
    assert.equal(countOf(answers, 'opened'), 5)
    assert.equal(countOf(answers, 'ended'), 11)
    assert.equal(countOf(await atOnce(() => shares.consumeView('slug-2', 1_500)), 'opened'), 16)
    assert.deepEqual(await used(shares, 1), [5, 1_500])
    assert.deepEqual(await used(shares, 2), [16, 1_500])
    assert.equal(await shares.consumeView('slug-1', 1_600), 'ended')
    assert.deepEqual(await used(shares, 1), [5, 1_500])
  },
  'a share ends in the second that it names': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    await shares.create(share(1, { expiresAt: 2_000 }), limits)
    assert.equal(await shares.consumeView('slug-1', 2_000), 'ended')
    assert.equal(await shares.consumeView('slug-1', 1_999), 'opened')
    assert.equal(await shares.consumeView('slug-2', 1_999), 'gone')
    assert.deepEqual(await used(shares, 1), [1, 1_999])
  },
  'a change leaves the rest as it is, also the views, and counts at once': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    await shares.create(share(1, { maxViews: 1, passwordHash: 'h', name: 'a' }), limits)
    await shares.consumeView('slug-1', 1_500)
    await Promise.all([
      shares.update('slug-1', { maxViews: 2, allowDownload: false }),
      shares.update('slug-1', { passwordHash: null, name: null }),
    ])
    const expected = { ...share(1, { maxViews: 2, allowDownload: false }), views: 1, lastUsedAt: 1_500 }
    assert.deepEqual(await shares.update('slug-1', {}), expected)
    assert.equal(await shares.consumeView('slug-1', 1_600), 'opened')
    assert.equal(await shares.consumeView('slug-1', 1_700), 'ended')
    assert.equal(await shares.update('slug-2', { name: 'x' }), undefined)
    assert.equal(await shares.find('slug-2'), undefined)
  },
  'a share that was taken back opens nothing, and nothing brings it back': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    await shares.create(share(1), limits)
    const opening = atOnce(() => shares.consumeView('slug-1', 1_500))
    assert.equal(await shares.delete('slug-1'), true)
    await opening
    assert.equal(await shares.delete('slug-1'), false)
    assert.equal(await shares.consumeView('slug-1', 1_500), 'gone')
    assert.equal(await shares.find('slug-1'), undefined)
    assert.deepEqual(await shares.list({ imageId: 'img_1' }), [])
    assert.deepEqual((await shares.listOf(ownerUid, { limit: 10 })).items, [])
    assert.equal(await shares.create(share(2), { max: 1 }), 'created')
  },
  'all shares of one account are listed, newest first, in pages that meet without gap or overlap': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    await stored(store, 'img_2')
    await stored(store, 'img_3', { ownerUid: 'u_ben' })
    // Two in one second, so that time alone can't tell where a page ended.
    for (const n of [1, 2, 3, 4, 5])
      await shares.create(share(n, { imageId: `img_${(n % 2) + 1}`, createdAt: 1_000 + (n >> 1) }), limits)
    await shares.create(share(6, { imageId: 'img_3', ownerUid: 'u_ben' }), limits)
    const seen: string[] = []
    let page = await shares.listOf(ownerUid, { limit: 2 })
    for (let rounds = 0; rounds < 4; rounds++) {
      seen.push(...slugs(page.items))
      if (!page.next) break
      page = await shares.listOf(ownerUid, { limit: 2, after: page.next })
    }
    assert.deepEqual(seen, ['slug-5', 'slug-4', 'slug-3', 'slug-2', 'slug-1'])
    assert.deepEqual(slugs((await shares.listOf('u_ben', { limit: 10 })).items), ['slug-6'])
    assert.deepEqual(await shares.listOf('u_none', { limit: 10 }), { items: [] })
  },
  'with an image all of its shares go, and none of another': async (store) => {
    const { shares } = store
    await stored(store, 'img_1')
    await stored(store, 'img_2')
    await shares.create(share(1), limits)
    await shares.create(share(2), limits)
    await shares.create(share(3, { imageId: 'img_2' }), limits)
    assert.ok(await store.images.beginDelete('img_1', 1_500))
    assert.equal(await shares.create(share(4), limits), 'missing')
    await shares.deleteAll({ imageId: 'img_1' })
    await shares.deleteAll({ imageId: 'img_1' })
    assert.deepEqual(await Promise.all([1, 2, 4].map((n) => shares.find(`slug-${n}`))), [
      undefined,
      undefined,
      undefined,
    ])
    assert.deepEqual(slugs((await shares.listOf(ownerUid, { limit: 10 })).items), ['slug-3'])
  },
  'shares of an album are like those of an image, and each counts its own': async (store) => {
    const { shares, albums } = store
    const ofAlbum = { albumId: 'alb_1' }
    await stored(store, 'img_1')
    assert.equal(await shares.create(albumShare(1), limits), 'missing')
    await albums.create(album('alb_1'), albumLimits)
    const answers = await atOnce((n) => shares.create(albumShare(n), { max: 5 }))
    assert.equal(countOf(answers, 'created'), 5)
    assert.equal(await shares.create(share(20), { max: 1 }), 'created')
    const made = await shares.list(ofAlbum)
    assert.equal(made.length, 5)
    const [first] = made
    assert.deepEqual(await shares.find(first!.slug), first)
    assert.deepEqual([first!.albumId, first!.imageId], ['alb_1', undefined])
    assert.equal(await shares.consumeView(first!.slug, 1_500), 'opened')
    assert.equal((await shares.listOf(ownerUid, { limit: 10 })).items.length, 6)
    assert.ok(await albums.beginDelete('alb_1', 2_000))
    assert.equal(await shares.create(albumShare(30), limits), 'missing')
    await shares.deleteAll(ofAlbum)
    assert.deepEqual(await shares.list(ofAlbum), [])
    assert.equal(await shares.find(first!.slug), undefined)
    assert.deepEqual(slugs((await shares.listOf(ownerUid, { limit: 10 })).items), ['slug-20'])
    await albums.finishDelete('alb_1')
  },
}

const limits = { max: 100 }

const terms = (n: number) => ({ slug: `slug-${n}`, ownerUid, createdAt: 1_000 + n, allowDownload: true })

const share = (n: number, more: Partial<NewShare & { albumId?: never }> = {}): NewShare => ({
  ...terms(n),
  imageId: 'img_1',
  ...more,
})

const albumShare = (n: number): NewShare => ({ ...terms(n), albumId: 'alb_1' })

const slugs = (shares: readonly { slug: string }[]): string[] => shares.map(({ slug }) => slug)

async function used(shares: Shares, n: number): Promise<unknown[]> {
  const { views, lastUsedAt } = (await shares.find(`slug-${n}`))!
  return [views, lastUsedAt]
}

import assert from 'node:assert/strict'
import type { NewAlbum } from './albums.ts'
import type { ImagePosition } from './images.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import { album, albumLimits, albumWith, ownerUid, stored } from './samples.ts'

export const albumsLaw: Law<MetadataStore> = {
  'an album is found as it was made': async ({ albums }) => {
    const full: NewAlbum = album('alb_1', { description: 'of {1} “Grüße”', visibility: 'unlisted' })
    assert.equal(await albums.create(full, limits), true)
    assert.equal(await albums.create(album('alb_2'), limits), true)
    assert.deepEqual(await albums.find('alb_1'), { ...full, places: 0 })
    assert.deepEqual(await albums.find('alb_2'), { ...album('alb_2'), places: 0 })
    assert.equal(await albums.find('alb_3'), undefined)
  },
  'many who are made at once are never more than an account may have': async ({ albums }) => {
    await albums.create(album('alb_x', { ownerUid: 'u_other' }), limits)
    const answers = await atOnce((n) => albums.create(album(`alb_${n}`), { max: 5 }))
    assert.equal(countOf(answers, true), 5)
    const listed = (await albums.list(ownerUid, { limit: 100 })).items.map(({ id }) => id)
    const made = answers.flatMap((isMade, n) => (isMade ? [`alb_${n}`] : []))
    assert.deepEqual(new Set(listed), new Set(made))
    for (const [n, isMade] of answers.entries())
      assert.equal((await albums.find(`alb_${n}`)) !== undefined, isMade, `alb_${n}`)
  },
  'the place of a deleted album is free again': async ({ albums }) => {
    assert.equal(await albums.create(album('alb_1'), { max: 1 }), true)
    assert.equal(await albums.create(album('alb_2'), { max: 1 }), false)
    await albums.beginDelete('alb_1', 2_000)
    assert.equal(await albums.create(album('alb_2'), { max: 1 }), true)
  },
  'a change leaves the rest as it is, also under many at once': async ({ albums }) => {
    await albums.create(album('alb_1', { description: 'old' }), limits)
    await Promise.all([
      albums.update('alb_1', { name: 'New' }),
      albums.update('alb_1', { description: null }),
      albums.update('alb_1', { visibility: 'public' }),
    ])
    const { description: _, ...rest } = album('alb_1', { name: 'New', visibility: 'public' })
    assert.deepEqual(await albums.update('alb_1', {}), { ...rest, places: 0 })
    assert.equal(await albums.update('alb_2', { name: 'x' }), undefined)
    assert.equal(await albums.find('alb_2'), undefined)
  },
  'a cover is one of its images, for as long as it is one': async (store) => {
    const { albums, albumImages } = store
    await albumWith(store, 'alb_1', ['img_1', 'img_2'])
    await stored(store, 'img_3')
    const coverAfter = async (coverId: string | null) => (await albums.update('alb_1', { coverId }))?.coverId
    assert.equal(await coverAfter('img_3'), undefined)
    assert.equal(await coverAfter('img_2'), 'img_2')
    assert.equal(await coverAfter('img_3'), 'img_2')
    assert.equal(await coverAfter(null), undefined)
    assert.equal(await coverAfter('img_1'), 'img_1')
    await albumImages.remove('alb_1', ['img_1'])
    assert.equal((await albums.find('alb_1'))?.coverId, undefined)
    await coverAfter('img_2')
    await albumImages.leave('img_2')
    assert.equal((await albums.find('alb_1'))?.coverId, undefined)
  },
  'albums are listed newest first, in pages that meet without gap or overlap, also where times are equal': async ({
    albums,
  }) => {
    const all = Array.from({ length: 7 }, (_, n) => album(`alb_${n}`, { createdAt: 1_000 + (n % 2) }))
    for (const one of all) await albums.create(one, limits)
    await albums.create(album('alb_x', { ownerUid: 'u_other' }), limits)
    const order = all.toSorted((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(({ id }) => id)
    for (const limit of [1, 3, 7, 100]) {
      const listed: string[] = []
      let after: ImagePosition | undefined
      for (let pages = 0; pages < 20; pages++) {
        const page = await albums.list(ownerUid, after ? { limit, after } : { limit })
        assert.ok(page.items.length <= limit)
        listed.push(...page.items.map(({ id }) => id))
        after = page.next
        if (!after) break
      }
      assert.deepEqual(listed, order)
    }
    assert.deepEqual(await albums.list('u_nobody', { limit: 5 }), { items: [] })
  },
  'a deleted album is gone at once, with all that was in it, and its images stay': async (store) => {
    const { albums, albumImages, grants, drops } = store
    await albumWith(store, 'alb_1', ['img_1'])
    await albumWith(store, 'alb_2', ['img_2'])
    await albumImages.add('alb_2', ['img_1'], albumLimits)
    await stored(store, 'img_3')
    await albumImages.hold('alb_1', { imageId: 'img_3', visibility: 'unlisted', heldAt: 1_000 }, { max: 5 })
    await grants.put({ albumId: 'alb_1', uid: 'u_b', role: 'edit', createdAt: 1_000 }, { max: 5 })
    const drop = { albumId: 'alb_1', createdAt: 1_000, showsAlbum: true, holds: false } as const
    await drops.create({ ...drop, slug: 'slug-1', visibility: 'unlisted' }, { max: 5 })

    assert.equal(await albums.beginDelete('alb_1', 2_000), true)
    assert.equal(await albums.find('alb_1'), undefined)
    assert.equal(await albums.update('alb_1', { name: 'x' }), undefined)
    assert.equal(await grants.roleOf('alb_1', 'u_b'), undefined)
    assert.equal(await grants.roleOf('alb_1', ownerUid), undefined)
    assert.equal(await albumImages.add('alb_1', ['img_2'], albumLimits), 'missing')
    assert.deepEqual(
      (await albums.list(ownerUid, { limit: 5 })).items.map(({ id }) => id),
      ['alb_2'],
    )
    for (let turn = 0; turn < 2; turn++) await albums.finishDelete('alb_1')
    assert.deepEqual(await albumImages.albumsOf('img_1'), ['alb_2'])
    assert.deepEqual(await grants.listOf('u_b', { limit: 5 }), { items: [] })
    assert.equal(await drops.find('slug-1'), undefined)
    assert.deepEqual(await albumImages.listHeld('alb_1'), [])
    for (const id of ['img_1', 'img_3']) assert.ok(await store.images.find(id))
    assert.equal(await albums.beginDelete('alb_1', 2_000), false)
  },
  'a deletion that is not finished is listed until it is': async ({ albums }) => {
    for (const n of [1, 2, 3]) await albums.create(album(`alb_${n}`), limits)
    for (const n of [3, 1]) await albums.beginDelete(`alb_${n}`, 2_000 - n)
    assert.deepEqual(await albums.listDeletions({ before: 2_000, limit: 9 }), ['alb_3', 'alb_1'])
    assert.deepEqual(await albums.listDeletions({ before: 1_999, limit: 9 }), ['alb_3'])
    assert.deepEqual(await albums.listDeletions({ before: 2_000, limit: 1 }), ['alb_3'])
    await albums.finishDelete('alb_3')
    assert.deepEqual(await albums.listDeletions({ before: 2_000, limit: 9 }), ['alb_1'])
    assert.ok(await albums.find('alb_2'))
  },
  'of many who delete an album at once exactly one does': async ({ albums }) => {
    await albums.create(album('alb_1'), limits)
    assert.equal(countOf(await atOnce(() => albums.beginDelete('alb_1', 2_000)), true), 1)
  },
}

const limits = { max: 100 }

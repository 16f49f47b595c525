import assert from 'node:assert/strict'
import type { ImageQuery } from './image-index.ts'
import type { ImagePosition } from './images.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce } from './parallel.ts'
import { ownerUid, stored } from './samples.ts'

const day = 86_400
/** 15 January 2026, noon. */
const noon = 1_768_478_400

export const imageIndexLaw: Law<MetadataStore> = {
  'images are found by tag, newest first, in pages that meet': async (store) => {
    for (let n = 0; n < 9; n++) {
      const createdAt = noon + Math.floor(n / 3)
      await stored(store, `img_${n}`, { createdAt, tags: n % 2 === 0 ? ['lake', 'sea'] : ['sea'] })
    }
    await stored(store, 'img_x', { ownerUid: 'u_other', tags: ['lake'] })
    assert.deepEqual(await ids(store, { limit: 2, tag: 'lake' }), ['img_8', 'img_6', 'img_4', 'img_2', 'img_0'])
    assert.equal((await ids(store, { limit: 4, tag: 'sea' })).length, 9)
    for (const tag of ['lak', 'lakes', 'Lake', '']) assert.deepEqual(await ids(store, { limit: 4, tag }), [])
    const bounds = { limit: 9, tag: 'sea', from: noon + 1, to: noon + 2 }
    assert.deepEqual(await ids(store, bounds), ['img_5', 'img_4', 'img_3'])
  },
  'words come from name, title and tags, folded': async (store) => {
    await stored(store, 'img_1', { originalFilename: 'IMG_2041 Zürich.jpeg' })
    await stored(store, 'img_2', { title: 'ZURICH, by night', originalFilename: 'a.png' })
    await stored(store, 'img_3', { tags: ['été à zürich'], originalFilename: 'a.png' })
    assert.deepEqual(await ids(store, { limit: 9, word: 'zurich' }), ['img_3', 'img_2', 'img_1'])
    assert.deepEqual(await ids(store, { limit: 9, word: 'ete' }), ['img_3'])
    assert.deepEqual(await ids(store, { limit: 9, word: 'jpeg' }), [])
    assert.deepEqual(await store.imageIndex.words(ownerUid, '', 9), [
      '2041',
      'a',
      'by',
      'ete',
      'img',
      'night',
      'zurich',
    ])
    assert.deepEqual(await store.imageIndex.words(ownerUid, '', 2), ['2041', 'a'])
    assert.deepEqual(await store.imageIndex.words(ownerUid, 'i', 9), ['img'])
    assert.deepEqual(await store.imageIndex.words(ownerUid, 'imgs', 9), [])
    assert.deepEqual(await store.imageIndex.words('u_other', '', 9), [])
  },
  'what is changed is found by what it is now': async (store) => {
    const { images } = store
    await stored(store, 'img_1', { title: 'Lake', tags: ['a', 'b'], originalFilename: 'x.png' })
    await images.update('img_1', { title: 'Sea', tags: ['b', 'c'] })
    for (const gone of [{ word: 'lake' }, { tag: 'a' }]) assert.deepEqual(await ids(store, { limit: 9, ...gone }), [])
    for (const found of [{ word: 'sea' }, { tag: 'b' }, { tag: 'c' }, { word: 'x' }])
      assert.deepEqual(await ids(store, { limit: 9, ...found }), ['img_1'])
    await images.update('img_1', { tags: [], title: null })
    assert.equal((await images.find('img_1'))?.tags, undefined)
    assert.deepEqual(await store.imageIndex.tags(ownerUid, { limit: 9 }), [])
    assert.deepEqual(await store.imageIndex.words(ownerUid, '', 9), ['x'])
    await images.addFacts('img_1', { filename: 'y.png', mime: 'image/png', takenAt: noon })
    assert.deepEqual(await ids(store, { limit: 9, order: 'taken', from: noon, to: noon + 1 }), ['img_1'])
  },
  'tags are listed in order with how many images have them': async (store) => {
    await stored(store, 'img_1', { tags: ['b', 'b c', 'ä'] })
    await stored(store, 'img_2', { tags: ['b', 'a'] })
    const all = [
      { value: 'a', count: 1 },
      { value: 'b', count: 2 },
      { value: 'b c', count: 1 },
      { value: 'ä', count: 1 },
    ]
    const { imageIndex } = store
    assert.deepEqual(await imageIndex.tags(ownerUid, { limit: 9 }), all)
    assert.deepEqual(await imageIndex.tags(ownerUid, { limit: 2 }), all.slice(0, 2))
    assert.deepEqual(await imageIndex.tags(ownerUid, { limit: 9, after: 'b' }), all.slice(2))
    await store.images.beginDelete('img_2', noon)
    assert.deepEqual(await imageIndex.tags(ownerUid, { limit: 9 }), [{ value: 'b', count: 1 }, ...all.slice(2)])
  },
  'the order by when it was taken has those that nobody knows by when they came': async (store) => {
    await stored(store, 'img_1', { createdAt: noon, takenAt: noon - 900 * day })
    await stored(store, 'img_2', { createdAt: noon - 100 * day })
    await stored(store, 'img_3', { createdAt: noon + 1, takenAt: noon - 100 * day })
    await stored(store, 'img_4', { createdAt: noon - 2, takenAt: noon - 2_000 * day })
    const order = ['img_3', 'img_2', 'img_1', 'img_4']
    for (const limit of [1, 2, 3, 9]) assert.deepEqual(await ids(store, { limit, order: 'taken' }), order)
    const bounds = { from: noon - 900 * day, to: noon - 100 * day }
    assert.deepEqual(await ids(store, { limit: 9, order: 'taken', ...bounds }), ['img_1'])
  },
  'bounds of time take in their first second and leave out their last': async (store) => {
    for (let n = 0; n < 6; n++) await stored(store, `img_${n}`, { createdAt: noon + Math.floor(n / 2) })
    for (const limit of [1, 2, 9]) {
      assert.deepEqual(await ids(store, { limit, from: noon + 1 }), ['img_5', 'img_4', 'img_3', 'img_2'])
      assert.deepEqual(await ids(store, { limit, to: noon + 2 }), ['img_3', 'img_2', 'img_1', 'img_0'])
      assert.deepEqual(await ids(store, { limit, from: noon + 1, to: noon + 2 }), ['img_3', 'img_2'])
    }
  },
  'months have their counts, newest first, in both orders': async (store) => {
    await stored(store, 'img_1', { createdAt: noon, takenAt: Date.UTC(2019, 11, 31, 23, 59, 59) / 1000 })
    await stored(store, 'img_2', { createdAt: noon + 1 })
    await stored(store, 'img_3', { createdAt: Date.UTC(2025, 11, 31, 23, 59, 59) / 1000 })
    await stored(store, 'img_4', { createdAt: Date.UTC(2020, 0, 1) / 1000 })
    const { imageIndex } = store
    assert.deepEqual(await imageIndex.months(ownerUid, 'created'), [
      { value: '2026-01', count: 2 },
      { value: '2025-12', count: 1 },
      { value: '2020-01', count: 1 },
    ])
    await store.trash.put('img_4', noon, 'uploads/x')
    assert.deepEqual(await imageIndex.months(ownerUid, 'taken'), [
      { value: '2026-01', count: 1 },
      { value: '2025-12', count: 1 },
      { value: '2019-12', count: 1 },
    ])
    assert.deepEqual(await imageIndex.months('u_other', 'created'), [])
  },
  'what is deleted is found by nothing': async (store) => {
    await stored(store, 'img_1', { title: 'Lake', tags: ['sea'], takenAt: noon })
    await store.images.beginDelete('img_1', noon)
    const { imageIndex } = store
    for (const how of [{}, { tag: 'sea' }, { word: 'lake' }, { order: 'taken' as const }])
      assert.deepEqual(await ids(store, { limit: 9, ...how }), [])
    assert.deepEqual(await imageIndex.tags(ownerUid, { limit: 9 }), [])
    assert.deepEqual(await imageIndex.words(ownerUid, '', 9), [])
    for (const order of ['created', 'taken'] as const) assert.deepEqual(await imageIndex.months(ownerUid, order), [])
  },
  'of many changes of tags at once the last word of the record is what finds it': async (store) => {
    await stored(store, 'img_1')
    await atOnce((n) => store.images.update('img_1', { tags: [`t${n}`] }))
    const [tag] = (await store.images.find('img_1'))?.tags ?? []
    assert.ok(tag)
    for (let n = 0; n < 16; n++) {
      const found = await ids(store, { limit: 9, tag: `t${n}` })
      assert.deepEqual(found, tag === `t${n}` ? ['img_1'] : [])
    }
  },
}

/** The ids of all pages; bounded, so that an endless list fails instead of hanging. */
async function ids({ imageIndex }: MetadataStore, query: ImageQuery): Promise<string[]> {
  const found: string[] = []
  let after: ImagePosition | undefined
  for (let pages = 0; pages < 50; pages++) {
    const page = await imageIndex.list(ownerUid, after ? { ...query, after } : query)
    assert.ok(page.items.length <= query.limit)
    found.push(...page.items.map(({ id }) => id))
    after = page.next
    if (!after) return found
  }
  assert.fail('the list does not end')
}

import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import { stored } from './samples.ts'
import type { VariantEntry, VariantRecord } from './variants.ts'

const record = (madeAt = 100): VariantRecord => ({ size: 10, etag: 'e'.repeat(22), madeAt })
const begin = ({ variants }: MetadataStore, name: string, now = 100, max = 64) =>
  variants.begin('img_1', name, { now, max })

async function make(store: MetadataStore, name: string, now = 100, max = 64): Promise<VariantEntry[]> {
  const begun = await begin(store, name, now, max)
  assert.equal(begun.state, 'begun')
  assert.equal(await store.variants.commit('img_1', name, record(now)), true)
  return 'surplus' in begun ? begun.surplus : []
}

const namesOf = (entries: readonly VariantEntry[]) => entries.map(({ name }) => name).sort()

export const variantsLaw: Law<MetadataStore> = {
  'what was begun is listed and not found, until it is made': async (store) => {
    const { variants } = store
    await stored(store, 'img_1')
    assert.deepEqual(await begin(store, 'a'), { state: 'begun', surplus: [] })
    assert.equal(await variants.find('img_1', 'a'), undefined)
    assert.deepEqual(await variants.list('img_1'), [{ imageId: 'img_1', name: 'a', stamp: 100, isMade: false }])
    assert.equal(await variants.commit('img_1', 'a', record(103)), true)
    assert.deepEqual(await variants.find('img_1', 'a'), { ...record(103), usedAt: 103 })
    assert.deepEqual(await variants.list('img_1'), [{ imageId: 'img_1', name: 'a', stamp: 103, isMade: true }])
    assert.equal(await variants.find('img_1', 'b'), undefined)
    assert.deepEqual(await variants.list('img_2'), [])
  },
  'one that is settled leaves no record, and is not settled twice or of an image that is gone': async (store) => {
    const { variants, images } = store
    await stored(store, 'img_1')
    for (const name of ['a', 'b']) await begin(store, name)
    assert.equal(await variants.settle('img_1', 'a'), true)
    assert.equal(await variants.settle('img_1', 'a'), false)
    assert.equal(await variants.settle('img_1', 'never begun'), false)
    assert.deepEqual(namesOf(await variants.list('img_1')), ['b'])
    assert.deepEqual(namesOf(await variants.listAbandoned({ before: 1_000, limit: 10 })), ['b'])
    await make(store, 'c')
    assert.equal(await variants.settle('img_1', 'c'), false)
    await images.beginDelete('img_1', 101)
    assert.equal(await variants.settle('img_1', 'b'), false)
    assert.deepEqual(namesOf(await variants.listAbandoned({ before: 1_000, limit: 10 })), ['b'])
  },
  'nothing is begun of an image that is not there, or being deleted': async (store) => {
    assert.deepEqual(await begin(store, 'a'), { state: 'gone' })
    assert.deepEqual(await store.variants.list('img_1'), [])
    await stored(store, 'img_1')
    await store.images.beginDelete('img_1', 100)
    assert.deepEqual(await begin(store, 'a'), { state: 'gone' })
    assert.deepEqual(await store.variants.listAbandoned({ before: 1_000, limit: 10 }), [])
  },
  'one that arrives after its image was deleted is not made, and stays known until it is forgotten': async (store) => {
    const { variants, images } = store
    await stored(store, 'img_1')
    await begin(store, 'a')
    await images.beginDelete('img_1', 101)
    await images.finishDelete('img_1')
    assert.equal(await variants.commit('img_1', 'a', record(102)), false)
    assert.equal(await variants.find('img_1', 'a'), undefined)
    const left = await variants.listAbandoned({ before: 101, limit: 10 })
    assert.deepEqual(left, [{ imageId: 'img_1', name: 'a', stamp: 100, isMade: false }])
    await variants.forget(left)
    assert.deepEqual(await variants.list('img_1'), [])
    assert.deepEqual(await variants.listAbandoned({ before: 1_000, limit: 10 }), [])
  },
  'what was made of an image is listed after its deletion, until it is forgotten': async (store) => {
    await stored(store, 'img_1')
    await make(store, 'a')
    await store.images.beginDelete('img_1', 101)
    const left = await store.variants.list('img_1')
    assert.deepEqual(namesOf(left), ['a'])
    await store.variants.forget(left)
    assert.deepEqual(await store.variants.list('img_1'), [])
    assert.deepEqual(await store.variants.listUnused({ before: 1_000, limit: 10 }), [])
  },
  'what nobody began, or what was forgotten since, is not made': async (store) => {
    await stored(store, 'img_1')
    assert.equal(await store.variants.commit('img_1', 'a', record()), false)
    await begin(store, 'a')
    await store.variants.forget(await store.variants.list('img_1'))
    assert.equal(await store.variants.commit('img_1', 'a', record()), false)
    assert.deepEqual(await store.variants.list('img_1'), [])
  },
  'what was used, made or begun anew since it was looked up is not forgotten': async (store) => {
    const { variants } = store
    await stored(store, 'img_1')
    for (const name of ['used', 'made', 'begun']) await make(store, name)
    await begin(store, 'made', 100)
    const before = await variants.list('img_1')
    await variants.touch('img_1', 'used', 105)
    assert.equal(await variants.commit('img_1', 'made', record(100)), true)
    await begin(store, 'begun', 105)
    await variants.forget(before)
    assert.deepEqual(namesOf(await variants.list('img_1')), ['begun', 'made', 'used'])
    await variants.forget(await variants.list('img_1'))
    assert.deepEqual(await variants.list('img_1'), [])
  },
  'a use is noted of what was made, and of nothing else': async (store) => {
    const { variants } = store
    await stored(store, 'img_1')
    await make(store, 'a')
    await begin(store, 'b')
    for (const name of ['a', 'b', 'c']) await variants.touch('img_1', name, 200)
    const stamps = Object.fromEntries((await variants.list('img_1')).map(({ name, stamp }) => [name, stamp]))
    assert.deepEqual(stamps, { a: 200, b: 100 })
    assert.deepEqual(await variants.find('img_1', 'a'), { ...record(100), usedAt: 200 })
  },
  'those used longest ago go for new ones, beyond what an image may have': async (store) => {
    await stored(store, 'img_1')
    for (const [at, name] of ['a', 'b', 'c'].entries()) assert.deepEqual(await make(store, name, 100 + at, 3), [])
    await store.variants.touch('img_1', 'a', 110)
    const surplus = await make(store, 'd', 120, 3)
    assert.deepEqual(namesOf(surplus), ['b'])
    // It is still there until its bytes are gone.
    assert.deepEqual(namesOf(await store.variants.list('img_1')), ['a', 'b', 'c', 'd'])
    assert.deepEqual(namesOf(await make(store, 'e', 121, 3)), ['b', 'c'])
    // Beginning again one that is there takes no room.
    await store.variants.forget(surplus)
    assert.deepEqual(await make(store, 'a', 122, 4), [])
  },
  'where all are being made or were used just now, there is no room': async (store) => {
    await stored(store, 'img_1')
    await begin(store, 'a', 100, 2)
    await make(store, 'b', 101, 2)
    assert.deepEqual(await begin(store, 'c', 101, 2), { state: 'full' })
    assert.deepEqual(namesOf(await store.variants.list('img_1')), ['a', 'b'])
    assert.deepEqual(namesOf(await store.variants.listAbandoned({ before: 1_000, limit: 10 })), ['a'])
    assert.equal((await begin(store, 'c', 102, 2)).state, 'begun')
  },
  'of many that are begun at once no more than there is room for': async (store) => {
    await stored(store, 'img_1')
    const states = await atOnce(async (n) => (await begin(store, `v${n}`, 100, 5)).state)
    assert.equal(countOf(states, 'begun'), 5)
    assert.equal((await store.variants.list('img_1')).length, 5)
  },
  'one that many begin and make at once is there once': async (store) => {
    await stored(store, 'img_1')
    await atOnce(() => begin(store, 'a'))
    assert.equal(countOf(await atOnce(() => store.variants.commit('img_1', 'a', record())), true), 16)
    assert.equal((await store.variants.list('img_1')).length, 1)
    assert.deepEqual(await store.variants.listAbandoned({ before: 1_000, limit: 10 }), [])
  },
  'what was not used for long is listed, and what was is not': async (store) => {
    const { variants } = store
    await stored(store, 'img_1')
    await stored(store, 'img_2')
    await make(store, 'old', 100)
    await make(store, 'young', 300)
    await make(store, 'used', 100)
    await variants.touch('img_1', 'used', 300)
    await begin(store, 'begun', 100)
    await variants.begin('img_2', 'other', { now: 150, max: 64 })
    await variants.commit('img_2', 'other', record(150))
    assert.deepEqual(namesOf(await variants.listUnused({ before: 200, limit: 10 })), ['old', 'other'])
    assert.deepEqual(namesOf(await variants.listUnused({ before: 120, limit: 10 })), ['old'])
    await variants.forget(await variants.listUnused({ before: 200, limit: 10 }))
    assert.deepEqual(await variants.listUnused({ before: 200, limit: 10 }), [])
    assert.deepEqual(namesOf(await variants.listUnused({ before: 400, limit: 10 })), ['used', 'young'])
  },
  'what was begun and never made is listed, oldest first, as many as asked': async (store) => {
    await stored(store, 'img_1')
    for (const [at, name] of ['c', 'b', 'a'].entries()) await begin(store, name, 100 + at)
    await make(store, 'd')
    const list = async (before: number, limit: number) =>
      (await store.variants.listAbandoned({ before, limit })).map(({ name }) => name)
    assert.deepEqual(await list(102, 10), ['c', 'b'])
    assert.deepEqual(await list(1_000, 1), ['c'])
    await begin(store, 'c', 200)
    assert.deepEqual(await list(150, 10), ['b', 'a'])
  },
}

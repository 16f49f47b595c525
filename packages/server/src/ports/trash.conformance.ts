import assert from 'node:assert/strict'
import type { ImagePosition } from './images.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce } from './parallel.ts'
import { begun, draft, image, lease, noLimits, ownerUid, stored } from './samples.ts'

export const trashLaw: Law<MetadataStore> = {
  'what is put into the trash is found nowhere else, and counted as before': async (store) => {
    const record = await stored(store, 'img_1', { tags: ['a'], sourceSha256: 'cd'.repeat(32) })
    const { trash, images } = store
    const trashed = { ...record, trashedAt: 1_500, nextKey: keyFor('img_1') }
    assert.deepEqual(await trash.put('img_1', 1_500, keyFor('img_1')), trashed)
    assert.equal(await images.find('img_1'), undefined)
    assert.deepEqual(await live(store), [])
    assert.equal(await images.findBySource(ownerUid, 'cd'.repeat(32)), undefined)
    assert.deepEqual(await trash.find('img_1'), trashed)
    assert.deepEqual(await trash.list(ownerUid, { limit: 5 }), { items: [trashed] })
    assert.deepEqual(await images.usage(ownerUid), { images: 1, bytes: 10 })
    assert.equal(await images.update('img_1', { title: 'x' }), undefined)
    assert.equal(await images.addFacts('img_1', { mime: 'image/png', filename: 'a.png' }), false)
    assert.deepEqual(await store.uploads.claim('img_1', lease(1_600)), { state: 'committed' })
    assert.equal(await store.uploads.discard({ id: 'img_1', ownerUid }), false)
  },
  'a quota counts what lies in the trash': async (store) => {
    await stored(store, 'img_1')
    await store.trash.put('img_1', 1_500, keyFor('img_1'))
    assert.equal(await store.uploads.create(draft('img_2'), { ...noLimits, maxImages: 1 }), 'quota_exceeded')
    assert.equal(await store.uploads.create(draft('img_2'), { ...noLimits, maxBytes: 15 }), 'quota_exceeded')
  },
  'what is restored is as it was': async (store) => {
    const record = await stored(store, 'img_1', { tags: ['a'], title: 'Lake', sourceSha256: 'cd'.repeat(32) })
    const { trash, images, imageIndex } = store
    await trash.put('img_1', 1_500, keyFor('img_1'))
    await move(store, 'img_1')
    assert.equal(await images.find('img_1'), undefined)
    const restored = { ...record, key: keyFor('img_1') }
    assert.deepEqual(await trash.restore('img_1'), restored)
    assert.deepEqual(await images.find('img_1'), restored)
    assert.equal(await trash.find('img_1'), undefined)
    assert.deepEqual(await trash.list(ownerUid, { limit: 5 }), { items: [] })
    for (const how of [{}, { tag: 'a' }, { word: 'lake' }, { order: 'taken' as const }])
      assert.deepEqual((await imageIndex.list(ownerUid, { limit: 5, ...how })).items, [restored])
    assert.equal((await images.findBySource(ownerUid, 'cd'.repeat(32)))?.id, 'img_1')
    assert.deepEqual(await images.usage(ownerUid), { images: 1, bytes: 10 })
    assert.deepEqual(await trash.listDue({ before: 9_000, limit: 9 }), [])
  },
  'what is not there is undefined, and repeating changes nothing': async (store) => {
    const { trash } = store
    assert.equal(await trash.put('img_none', 1_500, keyFor('img_none')), undefined)
    assert.equal(await trash.find('img_none'), undefined)
    assert.equal(await trash.changeKey('img_none', 'uploads/x'), undefined)
    assert.equal(await trash.restore('img_none'), undefined)
    await trash.finishMove('img_none', 'uploads/x')
    await stored(store, 'img_1')
    assert.equal(await trash.restore('img_1'), undefined)
    await trash.put('img_1', 1_500, keyFor('img_1'))
    assert.equal((await trash.put('img_1', 1_700, keyFor('img_1')))?.trashedAt, 1_500)
    await trash.restore('img_1')
    assert.equal(await trash.restore('img_1'), undefined)
    assert.deepEqual(await live(store), ['img_1'])
  },
  'the trash is listed by when things came there, in pages that meet': async (store) => {
    for (let n = 0; n < 7; n++) {
      await stored(store, `img_${n}`, { createdAt: 1_000 + n })
      await store.trash.put(`img_${n}`, 2_000 - Math.floor(n / 3), keyFor(`img_${n}`))
    }
    await stored(store, 'img_x', { ownerUid: 'u_other' })
    await store.trash.put('img_x', 2_000, keyFor('img_x'))
    const order = ['img_2', 'img_1', 'img_0', 'img_5', 'img_4', 'img_3', 'img_6']
    for (const limit of [1, 2, 3, 9]) assert.deepEqual(await inTrash(store, limit), order)
    assert.deepEqual(await store.trash.listDue({ before: 1_999, limit: 9 }), ['img_6'])
    assert.equal((await store.trash.listDue({ before: 3_000, limit: 9 })).length, 8)
    assert.equal((await store.trash.listDue({ before: 3_000, limit: 2 })).length, 2)
  },
  'a move is listed until nothing is left where the bytes were, also of what was restored meanwhile': async (store) => {
    const { trash, images } = store
    const before = await stored(store, 'img_1')
    await stored(store, 'img_2')
    await trash.put('img_1', 1_500, keyFor('img_1'))
    await trash.put('img_2', 1_501, keyFor('img_2'))
    const moving = async (until: number, limit = 9) =>
      (await trash.listMoves({ before: until, limit })).map(({ id, nextKey, formerKey }) => [id, nextKey, formerKey])
    assert.deepEqual(await moving(1_501), [['img_1', keyFor('img_1'), undefined]])
    assert.equal(await trash.changeKey('img_1', 'uploads/elsewhere'), undefined)
    await trash.restore('img_1')
    const moved = await trash.changeKey('img_1', keyFor('img_1'))
    assert.deepEqual(moved, { ...before, key: keyFor('img_1'), formerKey: before.key })
    assert.equal(await trash.changeKey('img_1', keyFor('img_1')), undefined)
    assert.deepEqual(await images.find('img_1'), moved)
    assert.deepEqual(await moving(9_000), [
      ['img_1', undefined, before.key],
      ['img_2', keyFor('img_2'), undefined],
    ])
    assert.equal((await moving(9_000, 1)).length, 1)
    await trash.finishMove('img_1', 'uploads/elsewhere')
    assert.equal((await moving(9_000)).length, 2)
    await trash.finishMove('img_1', before.key)
    await trash.finishMove('img_1', before.key)
    assert.deepEqual(await images.find('img_1'), { ...before, key: keyFor('img_1') })
    assert.deepEqual(
      (await moving(9_000)).map(([id]) => id),
      ['img_2'],
    )
  },
  'a name that changes does not change where the bytes are': async (store) => {
    await stored(store, 'img_1')
    await store.trash.put('img_1', 1_500, keyFor('img_1'))
    await move(store, 'img_1')
    await store.trash.restore('img_1')
    await store.images.update('img_1', { filename: 'new.jpg' })
    assert.equal((await store.images.find('img_1'))?.key, keyFor('img_1'))
  },
  'what lies in the trash is deleted as what lives is': async (store) => {
    const record = await stored(store, 'img_1', { tags: ['a'] })
    const { trash, images } = store
    await trash.put('img_1', 1_500, keyFor('img_1'))
    const trashed = { ...record, trashedAt: 1_500, nextKey: keyFor('img_1') }
    assert.deepEqual(await images.beginDelete('img_1', 1_600), trashed)
    assert.equal(await trash.changeKey('img_1', keyFor('img_1')), undefined)
    assert.equal(await trash.find('img_1'), undefined)
    assert.equal(await trash.restore('img_1'), undefined)
    assert.deepEqual(await inTrash(store, 5), [])
    assert.deepEqual(await images.usage(ownerUid), { images: 0, bytes: 0 })
    await images.finishDelete('img_1')
    assert.deepEqual(await trash.listDue({ before: 9_000, limit: 9 }), [])
    assert.deepEqual(await trash.listMoves({ before: 9_000, limit: 9 }), [])
  },
  'what is put, restored and deleted by many at once is in one place, or nowhere': async (store) => {
    await atOnce(async (n) => {
      const id = `img_${n}`
      await stored(store, id)
      const { trash, images } = store
      const work = [
        trash.put(id, 1_500, keyFor(id)),
        trash.put(id, 1_500, keyFor(id)),
        trash.restore(id),
        trash.put(id, 1_501, keyFor(id)),
      ]
      if (n % 2 === 0) work.push(images.beginDelete(id, 1_600))
      await Promise.all([...work, trash.restore(id), trash.restore(id)])
    })
    const [listed, binned] = [await live(store), await inTrash(store, 5)]
    const both = [...listed, ...binned].sort()
    const expected: string[] = []
    for (let n = 0; n < 16; n++) {
      const id = `img_${n}`
      const [found, trashed] = [await store.images.find(id), await store.trash.find(id)]
      assert.equal(found !== undefined && trashed !== undefined, false)
      assert.equal(listed.includes(id), found !== undefined)
      assert.equal(binned.includes(id), trashed !== undefined)
      if (found || trashed) expected.push(id)
      assert.equal(found === undefined && trashed === undefined, n % 2 === 0)
    }
    assert.deepEqual(both, expected.sort())
    assert.deepEqual(await store.images.usage(ownerUid), { images: 8, bytes: 80 })
  },
  'an image that is put into the trash while it is committed is there, once': async (store) => {
    const claims = await atOnce((n) => begun(store, `img_${n}`))
    await atOnce(async (n) => {
      const id = `img_${n}`
      await Promise.all([store.images.commit(image(id), claims[n]!), store.trash.put(id, 1_500, keyFor(id))])
      await store.trash.put(id, 1_500, keyFor(id))
    })
    assert.deepEqual(await live(store), [])
    assert.equal((await inTrash(store, 5)).length, 16)
    assert.deepEqual(await store.images.usage(ownerUid), { images: 16, bytes: 160 })
  },
}

const keyFor = (id: string): string => `uploads/${ownerUid}/${id}/again/photo.jpg`

/** All of a move. */
async function move({ trash }: MetadataStore, id: string): Promise<void> {
  const moved = await trash.changeKey(id, keyFor(id))
  assert.ok(moved?.formerKey)
  await trash.finishMove(id, moved.formerKey)
}

const live = async ({ imageIndex }: MetadataStore): Promise<string[]> =>
  (await imageIndex.list(ownerUid, { limit: 100 })).items.map(({ id }) => id)

/** The ids of all pages; bounded, so that an endless list fails instead of hanging. */
async function inTrash({ trash }: MetadataStore, limit: number): Promise<string[]> {
  const ids: string[] = []
  let after: ImagePosition | undefined
  for (let pages = 0; pages < 50; pages++) {
    const page = await trash.list(ownerUid, after ? { limit, after } : { limit })
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
    if (!after) return ids
  }
  assert.fail('the list does not end')
}

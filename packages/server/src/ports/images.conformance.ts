import assert from 'node:assert/strict'
import type { ImagePosition, ImageRecord } from './images.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce } from './parallel.ts'
import { begun, claimed, image, lease, ownerUid, stored } from './samples.ts'

export const imagesLaw: Law<MetadataStore> = {
  'a committed image is found, listed and counted, and its draft is gone': async (store) => {
    const claim = await begun(store, 'img_1')
    assert.equal(await store.images.find('img_1'), undefined)
    assert.deepEqual(await live(store), [])
    assert.equal(await store.images.commit(full('img_1'), claim), true)
    assert.deepEqual(await store.images.find('img_1'), full('img_1'))
    assert.deepEqual(await store.imageIndex.list(ownerUid, { limit: 5 }), { items: [full('img_1')] })
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 1_234 })
    assert.equal(await store.uploads.find('img_1'), undefined)
    assert.deepEqual(await store.uploads.claim('img_1', lease(1_020)), { state: 'committed' })
  },
  'what a record lacks stays absent': async (store) => {
    const { size: _, ...bare } = image('img_1')
    await store.images.commit(bare, await begun(store, 'img_1'))
    assert.deepEqual(await store.images.find('img_1'), bare)
  },
  'a key that is not the usual one is kept': async (store) => {
    await stored(store, 'img_1', { key: 'elsewhere/x.jpg' })
    assert.equal((await store.images.find('img_1'))?.key, 'elsewhere/x.jpg')
  },
  'a commit repeated by its claim is true and counted once': async (store) => {
    const claim = await begun(store, 'img_1')
    const answers = await atOnce(() => store.images.commit(image('img_1'), claim))
    assert.deepEqual(answers, new Array(16).fill(true))
    assert.equal(await store.images.commit(image('img_1'), claim), true)
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 10 })
    assert.deepEqual(await live(store), ['img_1'])
  },
  'the commit of an older claim is false and changes nothing, before and after the newer one': async (store) => {
    const older = await begun(store, 'img_1')
    const newer = await claimed(store, 'img_1', 1_010)
    assert.equal(await store.images.commit(image('img_1', { title: 'older' }), older), false)
    assert.equal(await store.images.find('img_1'), undefined)
    assert.equal(await store.images.commit(image('img_1', { title: 'newer' }), newer), true)
    assert.equal(await store.images.commit(image('img_1', { title: 'older' }), older), false)
    assert.equal((await store.images.find('img_1'))?.title, 'newer')
  },
  'of a commit and a newer claim at once exactly one prevails': async (store) => {
    const claims = await atOnce((n) => begun(store, `img_${n}`))
    await atOnce(async (n) => {
      const [committed, next] = await Promise.all([
        store.images.commit(image(`img_${n}`), claims[n]!),
        store.uploads.claim(`img_${n}`, lease(1_020)),
      ])
      assert.equal(next.state, committed ? 'committed' : 'claimed')
      assert.equal((await store.images.find(`img_${n}`)) !== undefined, committed)
    })
  },
  'the list is newest first in pages that meet without gap or overlap, also where times are equal': async (store) => {
    const order = await atOnce(async (n) => {
      const { createdAt, id } = await stored(store, `img_${n}`, { createdAt: 1_000 + Math.floor(n / 7) })
      return { createdAt, id }
    })
    await stored(store, 'img_x', { ownerUid: 'u_other' })
    order.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    for (const limit of [1, 3, 5, 16, 100])
      assert.deepEqual(
        await live(store, limit),
        order.map(({ id }) => id),
      )
    assert.equal((await store.imageIndex.list(ownerUid, { limit: 16 })).next, undefined)
    assert.deepEqual((await store.imageIndex.list(ownerUid, { limit: 5 })).next, order[4])
  },
  'a page begins after its position even if the image there is gone': async (store) => {
    for (const n of [1, 2, 3]) await stored(store, `img_${n}`)
    await store.images.beginDelete('img_2', 1_100)
    const page = await store.imageIndex.list(ownerUid, { limit: 5, after: { createdAt: 1_000, id: 'img_2' } })
    assert.deepEqual(page, { items: [image('img_1')] })
  },
  'an image is found by the hash of its received bytes, by its owner only': async (store) => {
    const sourceSha256 = 'cd'.repeat(32)
    const record = await stored(store, 'img_1', { sourceSha256 })
    assert.deepEqual(await store.images.findBySource(ownerUid, sourceSha256), record)
    assert.equal(await store.images.findBySource('u_other', sourceSha256), undefined)
    assert.equal(await store.images.findBySource(ownerUid, 'ce'.repeat(32)), undefined)
    await store.images.beginDelete('img_1', 1_100)
    assert.equal(await store.images.findBySource(ownerUid, sourceSha256), undefined)
  },
  'found facts are added, the rest stays, and the bytes are counted': async (store) => {
    const { size: _, ...bare } = image('img_1', { title: 'kept' })
    await store.images.commit(bare, await begun(store, 'img_1'))
    const facts = { mime: 'image/png', filename: 'photo.png', size: 77, sha256: 'ef'.repeat(32), width: 3 }
    assert.equal(await store.images.addFacts('img_1', facts), true)
    assert.deepEqual(await store.images.find('img_1'), { ...bare, ...facts })
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 77 })
    assert.equal(await store.images.addFacts('img_1', { ...facts, size: 70 }), true)
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 70 })
  },
  'facts that are added many times at once are counted once': async (store) => {
    await stored(store, 'img_1')
    await atOnce(() => store.images.addFacts('img_1', { mime: 'image/png', filename: 'a.png', size: 77 }))
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 77 })
  },
  'a change leaves the rest as it is, and the bytes where they are': async (store) => {
    const before = await stored(store, 'img_1', { title: 'Old', visibility: 'unlisted', originalFilename: 'Old.JPG' })
    const named = await store.images.update('img_1', { filename: 'new.jpg', originalFilename: 'New.JPG' })
    assert.deepEqual(named, { ...before, filename: 'new.jpg', originalFilename: 'New.JPG' })
    const hidden = await store.images.update('img_1', { title: null, visibility: 'private' })
    const { title: _, ...untitled } = before
    assert.deepEqual(hidden, { ...untitled, filename: 'new.jpg', originalFilename: 'New.JPG', visibility: 'private' })
    assert.deepEqual(await store.images.find('img_1'), hidden)
    assert.deepEqual((await store.imageIndex.list(ownerUid, { limit: 5 })).items, [hidden])
  },
  'of many changes to different things none is lost': async (store) => {
    await stored(store, 'img_1')
    await Promise.all([
      ...Array.from({ length: 16 }, (_, n) => store.images.update('img_1', { title: `title ${n}` })),
      store.images.update('img_1', { visibility: 'public' }),
      store.images.addFacts('img_1', { mime: 'image/png', filename: 'photo.png', color: '#123456' }),
    ])
    const image = await store.images.find('img_1')
    assert.match(image?.title ?? '', /^title \d+$/)
    assert.deepEqual([image?.visibility, image?.color], ['public', '#123456'])
  },
  'changing what is gone brings nothing back': async (store) => {
    await stored(store, 'img_1')
    await store.images.beginDelete('img_1', 2_000)
    assert.equal(await store.images.update('img_1', { title: 'x' }), undefined)
    assert.equal(await store.images.find('img_1'), undefined)
  },
  'views are added up': async (store) => {
    await stored(store, 'img_1', { views: 5 })
    await stored(store, 'img_2')
    await atOnce(() =>
      store.images.addViews(
        new Map([
          ['img_1', 2],
          ['img_2', 1],
          ['img_none', 1],
        ]),
      ),
    )
    assert.equal((await store.images.find('img_1'))?.views, 37)
    assert.equal((await store.imageIndex.list(ownerUid, { limit: 1 })).items[0]?.views, 16)
    assert.equal(await store.images.find('img_none'), undefined)
  },
  'neither views nor facts bring a deleted image back to life': async (store) => {
    await atOnce(async (n) => {
      const id = `img_${n}`
      await stored(store, id)
      const work = [store.images.addViews(new Map([[id, 3]])), store.images.beginDelete(id, 1_100)]
      await Promise.all([...work, store.images.addFacts(id, { mime: 'image/png', filename: 'a.png', size: 3 })])
      await store.images.addViews(new Map([[id, 3]]))
      assert.equal(await store.images.addFacts(id, { mime: 'image/png', filename: 'a.png', size: 3 }), false)
      assert.equal(await store.images.find(id), undefined)
      await store.images.finishDelete(id)
      await store.images.addViews(new Map([[id, 3]]))
      assert.equal(await store.images.find(id), undefined)
    })
    assert.deepEqual(await live(store), [])
    assert.deepEqual(await store.images.usage(ownerUid), { images: 0, bytes: 0 })
  },
  'a deletion takes the image out of sight and answers with its record until it is finished': async (store) => {
    const record = await stored(store, 'img_1', { views: 2 })
    await stored(store, 'img_2')
    await store.images.addViews(new Map([['img_1', 2]]))
    assert.deepEqual(withoutViews(await store.images.beginDelete('img_1', 1_100)), withoutViews(record))
    assert.equal(await store.images.find('img_1'), undefined)
    assert.deepEqual(await live(store), ['img_2'])
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 10 })
    assert.deepEqual(await store.uploads.claim('img_1', lease(1_200)), { state: 'missing' })
    assert.deepEqual(withoutViews(await store.images.beginDelete('img_1', 1_200)), withoutViews(record))
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 10 })
    await store.images.finishDelete('img_1')
    await store.images.finishDelete('img_1')
    assert.equal(await store.images.beginDelete('img_1', 1_300), undefined)
    assert.equal(await store.images.beginDelete('img_none', 1_300), undefined)
    assert.notEqual(await store.images.find('img_2'), undefined)
  },
  'finishing a deletion that was never begun deletes nothing': async (store) => {
    await stored(store, 'img_1')
    await store.images.finishDelete('img_1')
    assert.deepEqual(await live(store), ['img_1'])
  },
  'of many deletions at once each answers with the record, and it is subtracted once': async (store) => {
    await stored(store, 'img_1')
    await stored(store, 'img_2')
    const answers = await atOnce(() => store.images.beginDelete('img_1', 1_100))
    assert.deepEqual(answers.map(withoutViews), new Array(16).fill(withoutViews(image('img_1'))))
    assert.deepEqual(await store.images.usage(ownerUid), { images: 1, bytes: 10 })
  },
  'unfinished deletions are listed oldest first': async (store) => {
    for (const n of [1, 2, 3]) await stored(store, `img_${n}`)
    await store.images.beginDelete('img_2', 1_101)
    await store.images.beginDelete('img_1', 1_102)
    await store.images.beginDelete('img_3', 1_103)
    const ids = async (before: number, limit: number) =>
      (await store.images.listDeletions({ before, limit })).map(({ id }) => id)
    assert.deepEqual(await ids(1_103, 9), ['img_2', 'img_1'])
    assert.deepEqual(await ids(2_000, 1), ['img_2'])
    const [first] = await store.images.listDeletions({ before: 2_000, limit: 1 })
    assert.equal(first?.key, image('img_2').key)
    await store.images.finishDelete('img_2')
    assert.deepEqual(await ids(2_000, 9), ['img_1', 'img_3'])
  },
  'an image deleted while it is completed is wholly there or wholly gone': async (store) => {
    const claims = await atOnce((n) => begun(store, `img_${n}`))
    await atOnce(async (n) => {
      const id = `img_${n}`
      const commit = (record = image(id)) => store.images.commit(record, claims[n]!)
      await Promise.all([commit(), store.images.beginDelete(id, 1_100), commit(), store.uploads.claim(id, lease())])
      await Promise.all([store.images.beginDelete(id, 1_101), commit(), store.uploads.claim(id, lease(1_030))])
    })
    const found = (await atOnce((n) => store.images.find(`img_${n}`))).filter((one) => one !== undefined)
    assert.deepEqual((await live(store)).sort(), found.map(({ id }) => id).sort())
    assert.deepEqual(await store.images.usage(ownerUid), { images: found.length, bytes: 10 * found.length })
  },
  'a deleted image is not committed again by its claim': async (store) => {
    const claim = await begun(store, 'img_1')
    await store.images.commit(image('img_1'), claim)
    await store.images.beginDelete('img_1', 1_100)
    assert.equal(await store.images.commit(image('img_1'), claim), false)
    await store.images.finishDelete('img_1')
    assert.equal(await store.images.commit(image('img_1'), claim), false)
    assert.deepEqual(await store.images.usage(ownerUid), { images: 0, bytes: 0 })
    assert.deepEqual(await live(store), [])
  },
  'images that expire are listed oldest first, whenever it was said': async (store) => {
    await stored(store, 'img_1', { expiresAt: 1_200 })
    await stored(store, 'img_2', { expiresAt: 1_100 })
    await stored(store, 'img_3')
    await stored(store, 'img_4', { expiresAt: 1_050 })
    await stored(store, 'img_5', { expiresAt: 1_050 })
    assert.equal((await store.images.update('img_3', { expiresAt: 1_150 }))?.expiresAt, 1_150)
    assert.equal((await store.images.update('img_4', { expiresAt: null }))?.expiresAt, undefined)
    assert.equal((await store.images.update('img_5', { expiresAt: 5_000 }))?.expiresAt, 5_000)
    assert.equal((await store.images.update('img_1', { title: 'stays' }))?.expiresAt, 1_200)
    assert.deepEqual(await store.images.listExpired({ before: 1_200, limit: 9 }), ['img_2', 'img_3'])
    assert.deepEqual(await store.images.listExpired({ before: 2_000, limit: 1 }), ['img_2'])
    await store.images.beginDelete('img_2', 1_200)
    await store.images.finishDelete('img_2')
    assert.deepEqual(await store.images.listExpired({ before: 2_000, limit: 9 }), ['img_3', 'img_1'])
    assert.deepEqual(await store.images.listExpired({ before: 6_000, limit: 9 }), ['img_3', 'img_1', 'img_5'])
  },
  'an expired image is deleted only if it has not been prolonged': async (store) => {
    await stored(store, 'img_1', { expiresAt: 1_100 })
    await stored(store, 'img_2')
    assert.equal(await store.images.beginDelete('img_1', 1_099, 'if expired'), undefined)
    assert.equal(await store.images.beginDelete('img_2', 9_999, 'if expired'), undefined)
    await store.images.update('img_1', { expiresAt: 2_000 })
    assert.equal(await store.images.beginDelete('img_1', 1_100, 'if expired'), undefined)
    assert.deepEqual((await live(store)).sort(), ['img_1', 'img_2'])
    assert.equal((await store.images.beginDelete('img_1', 2_000, 'if expired'))?.id, 'img_1')
    assert.equal((await store.images.beginDelete('img_1', 2_000, 'if expired'))?.id, 'img_1')
    assert.deepEqual(await live(store), ['img_2'])
  },
  'an account without images uses nothing': async (store) => {
    assert.deepEqual(await store.images.usage('u_nobody'), { images: 0, bytes: 0 })
    assert.deepEqual(await store.imageIndex.list('u_nobody', { limit: 5 }), { items: [] })
  },
}

const full = (id: string): ImageRecord => ({
  ...image(id),
  views: 3,
  visibility: 'private',
  originalFilename: 'Phötö.JPG',
  title: 'At the {sea}',
  size: 1_234,
  width: 640,
  height: 480,
  frames: 2,
  sha256: 'ab'.repeat(32),
  sourceSha256: 'cd'.repeat(32),
  thumbhash: '1QcSHQRnh493V4dIh4eXh1h4kJUI',
  color: '#aabbcc',
  takenAt: 900,
  camera: 'Pinhole',
  expiresAt: 9_000,
  tags: ['at sea', 'été'],
  hiddenAt: 8_000,
  refused: 'for the law only',
})

/** The ids of all pages; bounded, so that an endless list fails instead of hanging. */
async function live({ imageIndex }: MetadataStore, limit = 100): Promise<string[]> {
  const ids: string[] = []
  let after: ImagePosition | undefined
  for (let pages = 0; pages < 50; pages++) {
    const page = await imageIndex.list(ownerUid, after ? { limit, after } : { limit })
    ids.push(...page.items.map(({ id }) => id))
    after = page.next
    if (!after) return ids
  }
  assert.fail('the list does not end')
}

/** How many views a deleted image had is nobody's business any more. */
function withoutViews(record: ImageRecord | undefined) {
  assert.ok(record)
  const { views: _, ...rest } = record
  return rest
}

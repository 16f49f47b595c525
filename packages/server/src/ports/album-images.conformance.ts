import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import { album, albumWith, begun, draft, image, albumLimits as limits, noLimits, stored } from './samples.ts'

export const albumImagesLaw: Law<MetadataStore> = {
  'images come in behind the others, in the order that is given, once': async (store) => {
    await albumWith(store, 'alb_1', ['img_2', 'img_1'])
    await stored(store, 'img_3')
    assert.equal(await store.albumImages.add('alb_1', ['img_3', 'img_2'], limits), 'added')
    assert.deepEqual(await ids(store), ['img_2', 'img_1', 'img_3'])
    assert.equal((await store.albums.find('alb_1'))?.places, 3)
    assert.deepEqual((await store.albumImages.list('alb_1', { limit: 1 })).items, [image('img_2')])
  },
  'an image may be in many albums, and says in which': async (store) => {
    await albumWith(store, 'alb_1', ['img_1'])
    await albumWith(store, 'alb_2', [])
    await store.albumImages.add('alb_2', ['img_1'], limits)
    assert.deepEqual((await store.albumImages.albumsOf('img_1')).sort(), ['alb_1', 'alb_2'])
    await store.albumImages.remove('alb_1', ['img_1', 'img_none'])
    assert.deepEqual(await store.albumImages.albumsOf('img_1'), ['alb_2'])
    assert.deepEqual(await ids(store, 'alb_2'), ['img_1'])
    assert.deepEqual(await ids(store), [])
    assert.equal((await store.albums.find('alb_1'))?.places, 0)
    assert.deepEqual(await store.albumImages.albumsOf('img_none'), [])
  },
  'what is no image and no upload under way is left out': async (store) => {
    await albumWith(store, 'alb_1', ['img_1'])
    assert.equal(await store.albumImages.add('alb_1', ['img_none'], limits), 'added')
    assert.equal((await store.albums.find('alb_1'))?.places, 1)
    assert.equal(await store.albumImages.add('alb_none', ['img_1'], limits), 'missing')
    assert.deepEqual(await store.albumImages.albumsOf('img_1'), ['alb_1'])
  },
  'an upload that is put in before its commit is in it from its first moment': async (store) => {
    await albumWith(store, 'alb_1', ['img_1'])
    const claim = await begun(store, 'img_2')
    assert.equal(await store.albumImages.add('alb_1', ['img_2'], limits), 'added')
    assert.deepEqual(await ids(store), ['img_1'])
    await store.images.commit(image('img_2'), claim)
    assert.deepEqual(await ids(store), ['img_1', 'img_2'])
  },
  'an upload that ends has no place any more': async (store) => {
    await albumWith(store, 'alb_1', [])
    await store.uploads.create(draft('img_2'), noLimits)
    await store.albumImages.add('alb_1', ['img_2'], limits)
    await store.uploads.discard(draft('img_2'))
    await store.albumImages.leave('img_2')
    assert.equal((await store.albums.find('alb_1'))?.places, 0)
    assert.equal(await store.albumImages.add('alb_1', ['img_2'], limits), 'added')
    assert.equal((await store.albums.find('alb_1'))?.places, 0)
  },
  'of many who come in at once no more do than fit, and each has a place of its own': async (store) => {
    await albumWith(store, 'alb_1', [])
    await atOnce((n) => stored(store, `img_${n}`))
    const answers = await atOnce((n) => store.albumImages.add('alb_1', [`img_${n}`], { ...limits, max: 5 }))
    assert.equal(countOf(answers, 'added'), 5)
    assert.equal(countOf(answers, 'full'), 11)
    const inside = await ids(store, 'alb_1', 2)
    assert.equal(new Set(inside).size, 5)
    for (const [n, answer] of answers.entries())
      assert.deepEqual(await store.albumImages.albumsOf(`img_${n}`), answer === 'added' ? ['alb_1'] : [])
  },
  'more than fit are not added at all': async (store) => {
    await albumWith(store, 'alb_1', ['img_1'])
    for (const n of [2, 3]) await stored(store, `img_${n}`)
    assert.equal(await store.albumImages.add('alb_1', ['img_2', 'img_3'], { ...limits, max: 2 }), 'full')
    assert.deepEqual(await ids(store), ['img_1'])
    assert.equal(await store.albumImages.add('alb_1', ['img_1', 'img_3'], { ...limits, max: 2 }), 'added')
    assert.deepEqual(await ids(store), ['img_1', 'img_3'])
  },
  'an image is in no more albums than it may be': async (store) => {
    await stored(store, 'img_1')
    await stored(store, 'img_2')
    await atOnce((n) => store.albums.create(album(`alb_${n}`), { max: 100 }))
    const few = { ...limits, maxAlbums: 3 }
    const answers = await atOnce((n) => store.albumImages.add(`alb_${n}`, ['img_2', 'img_1'], few))
    assert.equal(countOf(answers, 'added'), 3)
    assert.equal(countOf(answers, 'in_too_many'), 13)
    assert.equal((await store.albumImages.albumsOf('img_1')).length, 3)
    assert.equal((await store.albumImages.albumsOf('img_2')).length, 3)
  },
  'one is moved behind another one or before all, and the others stay as they were': async (store) => {
    const { albumImages } = store
    await albumWith(store, 'alb_1', ['img_1', 'img_2', 'img_3', 'img_4'])
    const moved = async (id: string, after: string | null) => {
      assert.equal(await albumImages.move('alb_1', id, after), true)
      return (await ids(store)).map((name) => name.slice(4)).join('')
    }
    assert.equal(await moved('img_4', 'img_1'), '1423')
    assert.equal(await moved('img_1', 'img_3'), '4231')
    assert.equal(await moved('img_3', null), '3421')
    assert.equal(await moved('img_3', null), '3421')
    assert.equal(await moved('img_4', 'img_3'), '3421')
    assert.equal(await moved('img_4', 'img_4'), '3421')
    await stored(store, 'img_5')
    for (const [id, after] of [
      ['img_5', 'img_1'],
      ['img_1', 'img_5'],
      ['img_none', null],
    ] as const)
      assert.equal(await albumImages.move('alb_1', id, after), false)
    await albumImages.add('alb_1', ['img_5'], limits)
    assert.equal((await ids(store)).at(-1), 'img_5')
  },
  'between two there is always room for another one': async (store) => {
    await albumWith(store, 'alb_1', ['img_1', 'img_2', 'img_3', 'img_4'])
    // Each halves the room behind the first; a double has 52 halvings.
    for (let turn = 0; turn < 120; turn++)
      assert.equal(await store.albumImages.move('alb_1', turn % 2 === 0 ? 'img_3' : 'img_2', 'img_1'), true)
    assert.deepEqual(await ids(store), ['img_1', 'img_2', 'img_3', 'img_4'])
    assert.deepEqual(await ids(store, 'alb_1', 1), ['img_1', 'img_2', 'img_3', 'img_4'])
  },
  'many moves at once leave every image in it once': async (store) => {
    const all = Array.from({ length: 16 }, (_, n) => `img_${n}`)
    await albumWith(store, 'alb_1', all)
    await atOnce((n) => store.albumImages.move('alb_1', `img_${n}`, n % 3 === 0 ? null : `img_${(n * 7 + 3) % 16}`))
    assert.deepEqual((await ids(store, 'alb_1', 3)).sort(), all.sort())
  },
  'of adding and removing one image at once the image and the album come to say the same': async (store) => {
    await albumWith(store, 'alb_1', ['img_0'])
    await atOnce((n) => stored(store, `img_${n + 1}`))
    await atOnce(async (n) => {
      const id = `img_${n + 1}`
      const add = () => store.albumImages.add('alb_1', [id], limits)
      const remove = () => store.albumImages.remove('alb_1', [id])
      await Promise.all(n % 2 === 0 ? [add(), remove(), add()] : [remove(), add(), remove()])
    })
    const inside = new Set(await ids(store))
    for (let n = 1; n <= 16; n++) {
      const says = (await store.albumImages.albumsOf(`img_${n}`)).length === 1
      assert.equal(inside.has(`img_${n}`), says, `img_${n}`)
    }
    assert.equal((await store.albums.find('alb_1'))?.places, inside.size)
  },
  'what is in the trash keeps its place unseen': async (store) => {
    await albumWith(store, 'alb_1', ['img_1', 'img_2', 'img_3'])
    await store.trash.put('img_2', 1_500, 'trash/img_2')
    assert.deepEqual(await ids(store), ['img_1', 'img_3'])
    assert.deepEqual(await ids(store, 'alb_1', 1), ['img_1', 'img_3'])
    assert.equal((await store.albums.find('alb_1'))?.places, 3)
    await store.trash.restore('img_2')
    assert.deepEqual(await ids(store), ['img_1', 'img_2', 'img_3'])
  },
  'a deleted image is in no album, also one that is deleted while it is put in': async (store) => {
    await albumWith(store, 'alb_1', ['img_x'])
    await atOnce((n) => stored(store, `img_${n}`))
    await atOnce(async (n) => {
      const id = `img_${n}`
      const remove = async () => {
        await store.images.beginDelete(id, 1_500)
        await store.albumImages.leave(id)
      }
      await Promise.all([store.albumImages.add('alb_1', [id], limits), remove()])
    })
    assert.deepEqual(await ids(store), ['img_x'])
    assert.equal((await store.albums.find('alb_1'))?.places, 1)
    for (let n = 0; n < 16; n++) assert.deepEqual(await store.albumImages.albumsOf(`img_${n}`), [])
  },
  'what is held is in no album until it is let in': async (store) => {
    const { albumImages } = store
    await albumWith(store, 'alb_1', ['img_1'])
    const held = (n: number) => ({ imageId: `img_${n}`, visibility: 'public' as const, heldAt: 1_010 - n })
    for (const n of [2, 3]) await stored(store, `img_${n}`)
    const claim = await begun(store, 'img_4')
    for (const n of [2, 3, 4]) assert.equal(await albumImages.hold('alb_1', held(n), { max: 3 }), 'added')
    assert.equal(await albumImages.hold('alb_1', held(1), { max: 3 }), 'full')
    assert.equal(await albumImages.hold('alb_none', held(1), { max: 3 }), 'missing')
    await store.images.commit(image('img_4'), claim)
    assert.deepEqual(await albumImages.listHeld('alb_1'), [held(4), held(3), held(2)])
    assert.deepEqual(await ids(store), ['img_1'])
    assert.deepEqual(await albumImages.albumsOf('img_2'), [])
    await albumImages.add('alb_1', ['img_2'], limits)
    assert.equal(await albumImages.endHold('alb_1', 'img_2'), true)
    assert.equal(await albumImages.endHold('alb_1', 'img_2'), false)
    assert.deepEqual(await ids(store), ['img_1', 'img_2'])
    await store.images.beginDelete('img_3', 1_500)
    await albumImages.leave('img_3')
    assert.deepEqual(await albumImages.listHeld('alb_1'), [held(4)])
  },
  'of many who are held at once no more are than fit': async (store) => {
    await albumWith(store, 'alb_1', [])
    await atOnce((n) => stored(store, `img_${n}`))
    const answers = await atOnce((n) =>
      store.albumImages.hold('alb_1', { imageId: `img_${n}`, visibility: 'unlisted', heldAt: 1_000 }, { max: 5 }),
    )
    assert.equal(countOf(answers, 'added'), 5)
    assert.equal((await store.albumImages.listHeld('alb_1')).length, 5)
  },
}

/** The ids of all pages; bounded, so that an endless list fails instead of hanging. */
async function ids({ albumImages }: MetadataStore, albumId = 'alb_1', limit = 100): Promise<string[]> {
  const found: string[] = []
  let after: number | undefined
  for (let pages = 0; pages < 50; pages++) {
    const page = await albumImages.list(albumId, after === undefined ? { limit } : { limit, after })
    assert.ok(page.items.length <= limit)
    found.push(...page.items.map(({ id }) => id))
    after = page.next
    if (after === undefined) return found
  }
  assert.fail('the list does not end')
}

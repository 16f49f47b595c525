import assert from 'node:assert/strict'
import type { Drops, NewDrop } from './drops.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import { albumWith } from './samples.ts'

export const dropsLaw: Law<MetadataStore> = {
  'a drop link is found as it was made': async (store) => {
    const { drops } = store
    await albumWith(store, 'alb_1', [])
    const full = drop(1, {
      name: 'for “Grüße” {1}',
      passwordHash: '$argon2id$x',
      expiresAt: 2_000,
      maxFiles: 3,
      maxBytes: 100,
      showsAlbum: true,
      holds: true,
      visibility: 'private',
    })
    assert.equal(await drops.create(full, limits), 'created')
    assert.equal(await drops.create(drop(2), limits), 'created')
    assert.deepEqual(await drops.find('slug-1'), { ...full, files: 0, bytes: 0 })
    assert.deepEqual(await drops.find('slug-2'), { ...drop(2), files: 0, bytes: 0 })
    assert.equal(await drops.find('slug-3'), undefined)
    assert.deepEqual(
      (await drops.list('alb_1')).map(({ slug }) => slug),
      ['slug-1', 'slug-2'],
    )
    assert.deepEqual(await drops.list('alb_2'), [])
  },
  'an album has no more of them than it may, however many are made at once': async (store) => {
    const { drops } = store
    await albumWith(store, 'alb_1', [])
    const answers = await atOnce((n) => drops.create(drop(n), { max: 5 }))
    assert.equal(countOf(answers, 'created'), 5)
    assert.equal(countOf(answers, 'full'), 11)
    assert.equal((await drops.list('alb_1')).length, 5)
    for (const [n, answer] of answers.entries())
      assert.equal((await drops.find(`slug-${n}`)) !== undefined, answer === 'created')
    assert.equal(await drops.create(drop(99, { albumId: 'alb_2' }), limits), 'missing')
    assert.equal(await drops.find('slug-99'), undefined)
  },
  'of many files at once exactly as many are taken as the link has left': async (store) => {
    const { drops } = store
    await albumWith(store, 'alb_1', [])
    await drops.create(drop(1, { maxFiles: 5 }), limits)
    await drops.create(drop(2, { maxBytes: 55 }), limits)
    assert.equal(countOf(await atOnce((n) => take(drops, 1, n)), 'taken'), 5)
    assert.equal(countOf(await atOnce((n) => take(drops, 2, n)), 'taken'), 5)
    assert.deepEqual(await used(drops, 1), [5, 50])
    assert.deepEqual(await used(drops, 2), [5, 50])
    assert.equal(await take(drops, 1, 99), 'full')
    assert.equal(await drops.take('slug-2', { ticket: 'img_99', bytes: 6, now: 1_500 }), 'full')
    assert.equal(await drops.take('slug-2', { ticket: 'img_99', bytes: 5, now: 1_500 }), 'taken')
  },
  'what did not come in is given back once, and what did never': async (store) => {
    const { drops } = store
    await albumWith(store, 'alb_1', [])
    await drops.create(drop(1, { maxFiles: 5 }), limits)
    for (let n = 0; n < 5; n++) await take(drops, 1, n)
    await drops.keep('slug-1', 'img_1')
    await drops.keep('slug-1', 'img_1')
    await drops.giveBack('slug-1', 'img_1')
    await atOnce(() => drops.giveBack('slug-1', 'img_2'))
    await drops.giveBack('slug-1', 'img_none')
    assert.deepEqual(await used(drops, 1), [4, 40])
    assert.equal(countOf(await atOnce((n) => take(drops, 1, n + 10)), 'taken'), 1)
  },
  'a link ends in the second that it names': async (store) => {
    const { drops } = store
    await albumWith(store, 'alb_1', [])
    await drops.create(drop(1, { expiresAt: 2_000 }), limits)
    assert.equal(await drops.take('slug-1', { ticket: 'img_1', bytes: 1, now: 2_000 }), 'gone')
    assert.equal(await drops.take('slug-1', { ticket: 'img_1', bytes: 1, now: 1_999 }), 'taken')
    assert.ok(await drops.find('slug-1'))
  },
  'a change leaves the rest as it is, and counts at once': async (store) => {
    const { drops } = store
    await albumWith(store, 'alb_1', [])
    await drops.create(drop(1, { maxFiles: 1, passwordHash: 'h', name: 'a' }), limits)
    assert.equal(await take(drops, 1, 1), 'taken')
    await Promise.all([
      drops.update('slug-1', { maxFiles: 2, holds: true }),
      drops.update('slug-1', { passwordHash: null, name: null }),
    ])
    const expected = { ...drop(1, { maxFiles: 2, holds: true }), files: 1, bytes: 10 }
    assert.deepEqual(await drops.update('slug-1', {}), expected)
    assert.equal(await take(drops, 1, 2), 'taken')
    assert.equal(await drops.update('slug-2', { name: 'x' }), undefined)
    assert.equal(await drops.find('slug-2'), undefined)
  },
  'a link that was taken back takes nothing, and nothing brings it back': async (store) => {
    const { drops } = store
    await albumWith(store, 'alb_1', [])
    await drops.create(drop(1), limits)
    await take(drops, 1, 1)
    assert.equal(await drops.delete('slug-1'), true)
    assert.equal(await drops.delete('slug-1'), false)
    await drops.giveBack('slug-1', 'img_1')
    await drops.keep('slug-1', 'img_1')
    assert.equal(await take(drops, 1, 2), 'gone')
    assert.equal(await drops.find('slug-1'), undefined)
    assert.deepEqual(await drops.list('alb_1'), [])
    assert.equal(await drops.create(drop(2), { max: 1 }), 'created')
  },
}

const limits = { max: 100 }

const drop = (n: number, more: Partial<NewDrop> = {}): NewDrop => ({
  slug: `slug-${n}`,
  albumId: 'alb_1',
  createdAt: 1_000 + n,
  showsAlbum: false,
  holds: false,
  visibility: 'unlisted',
  ...more,
})

const take = (drops: Drops, slug: number, n: number) =>
  drops.take(`slug-${slug}`, { ticket: `img_${n}`, bytes: 10, now: 1_500 })

async function used(drops: Drops, slug: number): Promise<number[]> {
  const { files, bytes } = (await drops.find(`slug-${slug}`))!
  return [files, bytes]
}

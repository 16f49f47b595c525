import assert from 'node:assert/strict'
import type { BlockedSource, Blocklist } from './blocklist.ts'
import type { ImagePosition } from './images.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'

export const blocklistLaw: Law<MetadataStore> = {
  'an entry is found as it was added, until it is taken off': async ({ blocklist }) => {
    const full = blocked(1, { reason: 'Gründe {"x"}' })
    assert.equal(await blocklist.find(full.sha256), undefined)
    assert.equal(await blocklist.add(full), true)
    await blocklist.add(blocked(2))
    assert.deepEqual(await blocklist.find(full.sha256), full)
    assert.equal(await blocklist.delete(full.sha256), true)
    assert.equal(await blocklist.delete(full.sha256), false)
    assert.equal(await blocklist.find(full.sha256), undefined)
    assert.deepEqual(await walk(blocklist, 5), [blocked(2)])
  },
  'of many who add one hash at once exactly one does, and its entry stays': async ({ blocklist }) => {
    const entries = Array.from({ length: 16 }, (_, n) => ({
      ...blocked(1),
      reason: `reason ${n}`,
      createdAt: 1_000 + n,
    }))
    const outcomes = await atOnce((n) => blocklist.add(entries[n]!))
    assert.equal(countOf(outcomes, true), 1)
    assert.deepEqual(await walk(blocklist, 5), [entries[outcomes.indexOf(true)]])
  },
  'the list is newest first in pages that meet without gap or overlap, also where times are equal': async ({
    blocklist,
  }) => {
    const entries = Array.from({ length: 7 }, (_, n) => blocked(n, { createdAt: 1_000 + (n % 2) }))
    for (const entry of entries) await blocklist.add(entry)
    const order = entries.toSorted((a, b) => b.createdAt - a.createdAt || (a.sha256 < b.sha256 ? 1 : -1))
    for (const limit of [1, 3, 7, 100]) assert.deepEqual(await walk(blocklist, limit), order)
  },
  'a page begins after its place even if the entry there is gone': async ({ blocklist }) => {
    for (const n of [1, 2, 3]) await blocklist.add(blocked(n))
    await blocklist.delete(blocked(2).sha256)
    const after = { createdAt: 1_000, id: blocked(2).sha256 }
    assert.deepEqual(await blocklist.list({ limit: 5, after }), { items: [blocked(1)] })
  },
}

const blocked = (n: number, more: Partial<BlockedSource> = {}): BlockedSource => ({
  sha256: String(n).repeat(64),
  createdAt: 1_000,
  addedBy: 'u_admin',
  ...more,
})

/** The entries of all pages; bounded, so that an endless list fails instead of hanging. */
async function walk(blocklist: Blocklist, limit: number): Promise<BlockedSource[]> {
  const entries: BlockedSource[] = []
  let after: ImagePosition | undefined
  for (let pages = 0; pages < 50; pages++) {
    const { items, next } = await blocklist.list(after ? { limit, after } : { limit })
    entries.push(...items)
    after = next
    if (!after) return entries
  }
  assert.fail('the list does not end')
}

import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'

export const locksLaw: Law<MetadataStore> = {
  'of many who want a lock at once exactly one gets it': async ({ locks }) => {
    const answers = await atOnce((n) => locks.acquire('sweep', `p${n}`, { now: 1_000, leaseUntil: 2_000 }))
    assert.equal(countOf(answers, true), 1)
  },
  'a held lock is refused to others until its lease ends': async ({ locks }) => {
    assert.equal(await locks.acquire('sweep', 'a', { now: 1_000, leaseUntil: 2_000 }), true)
    assert.equal(await locks.acquire('sweep', 'b', { now: 1_999, leaseUntil: 2_999 }), false)
    assert.equal(await locks.acquire('sweep', 'b', { now: 2_000, leaseUntil: 3_000 }), true)
    assert.equal(await locks.acquire('sweep', 'a', { now: 2_500, leaseUntil: 3_500 }), false)
  },
  'its holder prolongs it': async ({ locks }) => {
    await locks.acquire('sweep', 'a', { now: 1_000, leaseUntil: 2_000 })
    assert.equal(await locks.acquire('sweep', 'a', { now: 1_500, leaseUntil: 2_500 }), true)
    assert.equal(await locks.acquire('sweep', 'b', { now: 2_100, leaseUntil: 3_000 }), false)
  },
  'a released lock is free at once, and only its holder can release it': async ({ locks }) => {
    await locks.acquire('sweep', 'a', { now: 1_000, leaseUntil: 2_000 })
    await locks.release('sweep', 'b')
    assert.equal(await locks.acquire('sweep', 'b', { now: 1_001, leaseUntil: 2_000 }), false)
    await locks.release('sweep', 'a')
    assert.equal(await locks.acquire('sweep', 'b', { now: 1_002, leaseUntil: 2_000 }), true)
  },
  'locks of different names are independent': async ({ locks }) => {
    assert.equal(await locks.acquire('sweep', 'a', { now: 1_000, leaseUntil: 2_000 }), true)
    assert.equal(await locks.acquire('expiry', 'b', { now: 1_000, leaseUntil: 2_000 }), true)
  },
}

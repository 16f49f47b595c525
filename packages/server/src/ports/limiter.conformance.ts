import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { Limiter } from './limiter.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf, parallelCallers } from './parallel.ts'

/** Four in forty seconds: one comes back every ten. A time of today, since small numbers hide lost digits. */
const allowance = { limit: 4, windowSeconds: 40 }
const start = 1_768_478_400_123
const after = (seconds: number) => ({ ...allowance, now: start + seconds * 1_000 })

async function allowed(limiter: Limiter, seconds: number, name = 'anna'): Promise<boolean> {
  return (await limiter.take(name, after(seconds))).allowed
}

const exhaust = (limiter: Limiter) => limiter.take('anna', { ...after(0), cost: 4 })

export const limiterLaw: Law<MetadataStore> = {
  'of many who take at once exactly as many are allowed as there is': async ({ limiter }) => {
    const answers = await atOnce(() => allowed(limiter, 0))
    assert.equal(countOf(answers, true), 4)
    assert.equal(countOf(answers, false), parallelCallers - 4)
  },
  'what was taken comes back evenly with the clock': async ({ limiter }) => {
    await exhaust(limiter)
    assert.equal(await allowed(limiter, 9.999), false)
    assert.equal(await allowed(limiter, 10), true)
    assert.equal(await allowed(limiter, 10), false)
    assert.deepEqual(await atOnce(() => allowed(limiter, 30)).then((answers) => countOf(answers, true)), 2)
  },
  'there is never more than the limit, however long nobody asked': async ({ limiter }) => {
    await limiter.take('anna', after(0))
    assert.equal(countOf(await atOnce(() => allowed(limiter, 100_000)), true), 4)
  },
  'a refusal takes nothing': async ({ limiter }) => {
    await exhaust(limiter)
    await atOnce(() => allowed(limiter, 5))
    assert.equal(await allowed(limiter, 10), true)
  },
  'the allowances of different names are independent': async ({ limiter }) => {
    await exhaust(limiter)
    assert.equal(await allowed(limiter, 0, 'bert'), true)
    assert.equal(await allowed(limiter, 0, 'anna'), false)
  },
  'each answer says what is left, and when there is more': async ({ limiter }) => {
    assert.deepEqual(await limiter.take('anna', after(0)), {
      allowed: true,
      remaining: 3,
      resetSeconds: 10,
      retryAfterSeconds: 0,
    })
    await limiter.take('anna', { ...after(0), cost: 3 })
    assert.deepEqual(await limiter.take('anna', after(4)), {
      allowed: false,
      remaining: 0,
      resetSeconds: 36,
      retryAfterSeconds: 6,
    })
  },
  'looking takes nothing, and what is given back can be taken again': async ({ limiter }) => {
    await exhaust(limiter)
    await limiter.take('anna', { ...after(0), cost: -1 })
    const look = { ...after(0), cost: 0 }
    assert.equal((await limiter.take('anna', look)).remaining, 1)
    assert.equal((await limiter.take('anna', look)).remaining, 1)
    assert.equal(countOf(await atOnce(() => allowed(limiter, 0)), true), 1)
  },
  'giving back more than was taken gives nothing': async ({ limiter }) => {
    await limiter.take('anna', { ...after(0), cost: -3 })
    assert.equal(countOf(await atOnce(() => allowed(limiter, 0)), true), 4)
  },
  'more than there ever is can not be had': async ({ limiter }) => {
    assert.equal((await limiter.take('anna', { ...after(0), cost: 5 })).allowed, false)
    assert.equal((await limiter.take('anna', { ...after(0), cost: 0 })).remaining, 4)
  },
}

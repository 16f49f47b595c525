import assert from 'node:assert/strict'
import type { Answer } from './answers.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'

const answer = (body: string): Answer => ({ fingerprint: `of ${body}`, status: 201, body })
const time = { now: 1_000, keepUntil: 2_000 }

export const answersLaw: Law<MetadataStore> = {
  'a kept answer is found as it was until its time is over': async ({ answers }) => {
    const kept = answer('{"name":"Grüße\\n\\"x\\""}')
    assert.equal(await answers.keep('a', kept, time), true)
    assert.deepEqual(await answers.find('a', 1_999), kept)
    assert.equal(await answers.find('a', 2_000), undefined)
  },
  'of many kept under one name at once exactly one stays, and everybody finds it': async ({ answers }) => {
    const outcomes = await atOnce((n) => answers.keep('a', answer(`answer ${n}`), time))
    assert.equal(countOf(outcomes, true), 1)
    assert.deepEqual(await answers.find('a', 1_000), answer(`answer ${outcomes.indexOf(true)}`))
  },
  'one whose time is over makes room': async ({ answers }) => {
    await answers.keep('a', answer('first'), time)
    assert.equal(await answers.keep('a', answer('second'), { now: 1_999, keepUntil: 3_000 }), false)
    assert.equal(await answers.keep('a', answer('third'), { now: 2_000, keepUntil: 3_000 }), true)
    assert.deepEqual(await answers.find('a', 2_500), answer('third'))
  },
  'answers of different names are independent': async ({ answers }) => {
    await answers.keep('a', answer('first'), time)
    assert.equal(await answers.find('b', 1_000), undefined)
    assert.equal(await answers.keep('b', answer('second'), time), true)
    assert.deepEqual(await answers.find('a', 1_000), answer('first'))
  },
}

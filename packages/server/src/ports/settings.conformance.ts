import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, parallelCallers } from './parallel.ts'

export const settingsLaw: Law<MetadataStore> = {
  'nothing is set at first': async ({ settings }) => {
    assert.deepEqual(await settings.read(), {})
  },
  'settings are merged, kept as they were given, and taken back by null': async ({ settings }) => {
    await settings.change({ mode: 'open', quota: 0, on: false, sizes: [1, 2], words: 'Grüße "{}" \n' })
    await settings.change({ mode: 'closed', quota: null, never: null })
    await settings.change({})
    assert.deepEqual(await settings.read(), { mode: 'closed', on: false, sizes: [1, 2], words: 'Grüße "{}" \n' })
    await settings.change({ mode: null, on: null, sizes: null, words: null })
    assert.deepEqual(await settings.read(), {})
  },
  'of many changes to different settings none is lost': async ({ settings }) => {
    await atOnce((n) => settings.change({ [`s${n}`]: n }))
    assert.equal(Object.keys(await settings.read()).length, parallelCallers)
  },
  'of many changes to the same settings one stays whole': async ({ settings }) => {
    await atOnce((n) => settings.change({ a: n, b: n, ...(n % 2 === 0 && { c: null }) }))
    const { a, b } = await settings.read()
    assert.equal(a, b)
  },
}

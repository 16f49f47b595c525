import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'

const create = ({ accounts }: MetadataStore, name: string, terms?: { firstIsAdmin: boolean }) =>
  accounts.create({ uid: `u_${name}`, username: name, createdAt: 1_000 }, name, terms)

const firstIsAdmin = { firstIsAdmin: true }

const administrators = async ({ accounts }: MetadataStore): Promise<string[]> =>
  (await accounts.list({ prefix: '', limit: 100 })).items
    .filter(({ role }) => role === 'admin')
    .map(({ username }) => username)

export const setupLaw: Law<MetadataStore> = {
  'the nonce of the first start stays, and all who start at once get the same': async ({ setup }) => {
    const nonces = new Set(await atOnce((n) => setup.begin(`nonce ${n}`)))
    assert.equal(nonces.size, 1)
    assert.ok(nonces.has(await setup.begin('later')))
  },
  'of many who claim at once exactly one becomes administrator, and nobody afterwards': async (store) => {
    const { setup } = store
    await setup.begin('nonce')
    await atOnce((n) => create(store, `anna${n}`))
    const answers = await atOnce((n) => setup.claim(`u_anna${n}`))
    assert.equal(countOf(answers, true), 1)
    assert.deepEqual(await administrators(store), [`anna${answers.indexOf(true)}`])
    assert.equal(await setup.claim('u_anna1'), false)
    assert.equal(await setup.begin('nonce'), undefined)
  },
  'nobody who does not exist becomes administrator, and the setup goes on': async (store) => {
    const { accounts, setup } = store
    assert.equal(await setup.claim('u_nobody'), false)
    assert.equal(await accounts.find('u_nobody'), undefined)
    await create(store, 'anna')
    assert.equal(await setup.claim('u_anna'), true)
    assert.deepEqual(await administrators(store), ['anna'])
  },
  'the first account of all becomes administrator where that is asked for, and no later one': async (store) => {
    await create(store, 'anna', firstIsAdmin)
    await create(store, 'bob', firstIsAdmin)
    assert.deepEqual(await administrators(store), ['anna'])
    assert.equal(await store.setup.begin('nonce'), undefined)
    assert.equal(await store.setup.claim('u_bob'), false)
  },
  'an account is the first only if none was created before it, deleted or not': async (store) => {
    await create(store, 'anna')
    await store.accounts.beginDelete('u_anna', 'anna', 1_000)
    await store.accounts.finishDelete('u_anna')
    await create(store, 'bob', firstIsAdmin)
    assert.deepEqual(await administrators(store), [])
    assert.equal(await store.setup.claim('u_bob'), true)
  },
  'of many first registrations at once exactly one becomes administrator': async (store) => {
    await atOnce((n) => create(store, `anna${n}`, firstIsAdmin))
    assert.equal((await administrators(store)).length, 1)
  },
  'a setup that was ended has no nonce and makes no administrator': async (store) => {
    const { setup } = store
    await setup.end()
    await setup.end()
    await create(store, 'anna', firstIsAdmin)
    assert.equal(await setup.begin('nonce'), undefined)
    assert.equal(await setup.claim('u_anna'), false)
    assert.deepEqual(await administrators(store), [])
  },
}

import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import type { SecondFactor } from './two-factor.ts'

export const twoFactorLaw: Law<MetadataStore> = {
  'nothing is on or proposed before somebody asks': async (store) => {
    await withAnna(store)
    await assertNothing(store)
  },
  'a proposed secret counts for nothing, and a later one takes its place': async (store) => {
    const { twoFactor } = await withAnna(store)
    assert.equal(await twoFactor.propose(uid, 'first'), true)
    assert.equal(await twoFactor.propose(uid, 'second'), true)
    assert.equal(await twoFactor.findProposed(uid), 'second')
    assert.equal(await twoFactor.find(uid), undefined)
    assert.equal(await twoFactor.acceptStep(uid, { secret: 'second', step: 100 }), false)
    assert.equal(await twoFactor.activate(uid, { ...factor, secret: 'first' }), false)
    assert.equal(await twoFactor.find(uid), undefined)
  },
  'it is turned on by the proposed secret, as it was given, and the account stays as it was': async (store) => {
    const { twoFactor } = await withFactor(store)
    assert.deepEqual(await sorted(twoFactor), factor)
    assert.equal(await twoFactor.findProposed(uid), undefined)
    assert.deepEqual(await store.accounts.find(uid), anna)
  },
  'while it is on, no other secret can be proposed or turned on': async (store) => {
    const { twoFactor } = await withFactor(store)
    assert.equal(await twoFactor.propose(uid, 'other'), false)
    assert.equal(await twoFactor.activate(uid, { ...factor, lastStep: 1 }), false)
    assert.deepEqual(await sorted(twoFactor), factor)
  },
  'of many who turn it on at once exactly one does': async (store) => {
    const { twoFactor } = await withAnna(store)
    await twoFactor.propose(uid, factor.secret)
    const answers = await atOnce((n) => twoFactor.activate(uid, { ...factor, recoveryHashes: [`hash-${n}`] }))
    assert.equal(countOf(answers, true), 1)
    assert.deepEqual((await twoFactor.find(uid))?.recoveryHashes, [`hash-${answers.indexOf(true)}`])
  },
  'a time step is taken once, and none before it afterwards': async (store) => {
    const { twoFactor } = await withFactor(store)
    const accept = (step: number) => twoFactor.acceptStep(uid, { secret: factor.secret, step })
    assert.equal(await accept(factor.lastStep), false)
    assert.equal(await accept(102), true)
    assert.equal(await accept(102), false)
    assert.equal(await accept(101), false)
    assert.deepEqual(await sorted(twoFactor), { ...factor, lastStep: 102 })
    assert.equal(await accept(103), true)
  },
  'of many who bring one code at once exactly one is let in': async (store) => {
    const { twoFactor } = await withFactor(store)
    const answers = await atOnce(() => twoFactor.acceptStep(uid, { secret: factor.secret, step: 101 }))
    assert.equal(countOf(answers, true), 1)
  },
  'a step of another secret is not taken': async (store) => {
    const { twoFactor } = await withFactor(store)
    assert.equal(await twoFactor.acceptStep(uid, { secret: 'former', step: 101 }), false)
    assert.deepEqual(await sorted(twoFactor), factor)
  },
  'with a step the secret can be sealed anew': async (store) => {
    const { twoFactor } = await withFactor(store)
    assert.equal(await twoFactor.acceptStep(uid, { secret: factor.secret, step: 101, resealed: 'anew' }), true)
    assert.deepEqual(await sorted(twoFactor), { ...factor, secret: 'anew', lastStep: 101 })
  },
  'a recovery code is spent once, and the others stay': async (store) => {
    const { twoFactor } = await withFactor(store)
    assert.equal(await twoFactor.spendRecoveryCode(uid, 'unknown'), false)
    assert.equal(await twoFactor.spendRecoveryCode(uid, 'hash-2'), true)
    assert.equal(await twoFactor.spendRecoveryCode(uid, 'hash-2'), false)
    assert.deepEqual(await sorted(twoFactor), { ...factor, recoveryHashes: ['hash-1', 'hash-3'] })
    for (const hash of ['hash-1', 'hash-3']) assert.equal(await twoFactor.spendRecoveryCode(uid, hash), true)
    assert.deepEqual(await twoFactor.find(uid), { ...factor, recoveryHashes: [] })
  },
  'of many who bring one recovery code at once exactly one is let in': async (store) => {
    const { twoFactor } = await withFactor(store)
    const answers = await atOnce(() => twoFactor.spendRecoveryCode(uid, 'hash-1'))
    assert.equal(countOf(answers, true), 1)
  },
  'many different recovery codes at once are each spent': async (store) => {
    const recoveryHashes = await atOnce(async (n) => `hash-${n}`)
    const { twoFactor } = await withFactor(store, { ...factor, recoveryHashes })
    assert.equal(countOf(await atOnce((n) => twoFactor.spendRecoveryCode(uid, `hash-${n}`)), true), 16)
    assert.deepEqual((await twoFactor.find(uid))?.recoveryHashes, [])
  },
  'turned off, it is forgotten as a whole, and so is what was only proposed': async (store) => {
    const { twoFactor } = await withFactor(store)
    assert.equal(await twoFactor.delete(uid), true)
    await assertNothing(store)
    assert.equal(await twoFactor.acceptStep(uid, { secret: factor.secret, step: 200 }), false)
    assert.equal(await twoFactor.spendRecoveryCode(uid, 'hash-1'), false)
    assert.equal(await twoFactor.propose(uid, 'other'), true)
    assert.equal(await twoFactor.delete(uid), false)
    await assertNothing(store)
    assert.deepEqual(await store.accounts.find(uid), anna)
  },
  'a second factor of nobody makes nobody': async (store) => {
    assert.equal(await store.twoFactor.propose(uid, 'secret'), false)
    assert.equal(await store.twoFactor.activate(uid, factor), false)
    assert.equal(await store.twoFactor.acceptStep(uid, { secret: 'secret', step: 1 }), false)
    assert.equal(await store.twoFactor.spendRecoveryCode(uid, 'hash-1'), false)
    assert.equal(await store.twoFactor.delete(uid), false)
    assert.equal(await store.accounts.find(uid), undefined)
  },
}

const uid = 'u_anna'
const anna = { uid, username: 'Anna', createdAt: 1_700_000_000, preferences: { theme: 'dark' } }
const factor: SecondFactor = { secret: 'sealed {1}', lastStep: 100, recoveryHashes: ['hash-1', 'hash-2', 'hash-3'] }

async function withAnna(store: MetadataStore): Promise<MetadataStore> {
  assert.equal(await store.accounts.create(anna, 'anna'), true)
  return store
}

async function withFactor(store: MetadataStore, given = factor): Promise<MetadataStore> {
  await withAnna(store)
  assert.equal(await store.twoFactor.propose(uid, given.secret), true)
  assert.equal(await store.twoFactor.activate(uid, given), true)
  return store
}

async function assertNothing({ twoFactor }: MetadataStore): Promise<void> {
  assert.equal(await twoFactor.find(uid), undefined)
  assert.equal(await twoFactor.findProposed(uid), undefined)
}

/** Recovery codes are a set: engines may list them in any order. */
async function sorted(twoFactor: MetadataStore['twoFactor']): Promise<SecondFactor | undefined> {
  const found = await twoFactor.find(uid)
  return found && { ...found, recoveryHashes: [...found.recoveryHashes].sort() }
}

import assert from 'node:assert/strict'
import { sortName } from './account-order.ts'
import type { Account, AccountPosition, Accounts } from './accounts.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf, parallelCallers } from './parallel.ts'

export const accountsLaw: Law<MetadataStore> = {
  'an account is found by its uid and by the name key it took, as it was created': async ({ accounts }) => {
    const full: Account = { ...anna, passwordHash: '$argon2id$x', legacyKeysBefore: 99 }
    assert.equal(await accounts.create(full, 'anna'), true)
    assert.deepEqual(await accounts.find('u_anna'), full)
    assert.deepEqual(await accounts.findByName('anna'), full)
  },
  'what an account lacks stays absent': async ({ accounts }) => {
    await accounts.create(anna, 'anna')
    assert.deepEqual(await accounts.find('u_anna'), anna)
  },
  'nobody is undefined': async ({ accounts }) => {
    assert.equal(await accounts.find('u_nobody'), undefined)
    assert.equal(await accounts.findByName('nobody'), undefined)
  },
  'name keys may hold any characters and are compared exactly': async ({ accounts }) => {
    const names = ['Ann A', 'ann a', '{ann}:*', 'ännä', 'ann\n', '']
    for (const [n, name] of names.entries())
      assert.equal(await accounts.create({ ...anna, uid: `u_${n}`, username: name }, name), true)
    for (const [n, name] of names.entries()) assert.equal((await accounts.findByName(name))?.uid, `u_${n}`)
    assert.equal(await accounts.findByName('ANN A'), undefined)
  },
  'a taken name is refused, and the refused account leaves nothing': async ({ accounts }) => {
    await accounts.create(anna, 'anna')
    assert.equal(await accounts.create({ ...anna, uid: 'u_other' }, 'anna'), false)
    assert.equal((await accounts.findByName('anna'))?.uid, 'u_anna')
    assert.equal(await accounts.find('u_other'), undefined)
  },
  'of many who register one name at once exactly one wins': async ({ accounts }) => {
    const answers = await atOnce((n) => accounts.create({ ...anna, uid: `u_${n}` }, 'anna'))
    assert.equal(countOf(answers, true), 1)
    assert.equal((await accounts.findByName('anna'))?.uid, `u_${answers.indexOf(true)}`)
    const stored = await atOnce((n) => accounts.find(`u_${n}`))
    assert.deepEqual(
      stored.map((account) => account !== undefined),
      answers,
    )
  },
  'preferences are merged, taken back by null, and absent where none is left': async ({ accounts }) => {
    await accounts.create(anna, 'anna')
    assert.equal(await accounts.setPreferences('u_anna', { theme: 'dark', sizes: [1, 2], on: false }), true)
    assert.equal(await accounts.setPreferences('u_anna', { theme: 'light', sizes: null }), true)
    assert.deepEqual(await accounts.find('u_anna'), { ...anna, preferences: { theme: 'light', on: false } })
    assert.equal(await accounts.setPreferences('u_anna', { theme: null, on: null, never: null }), true)
    assert.equal(await accounts.setPreferences('u_anna', {}), true)
    assert.deepEqual(await accounts.find('u_anna'), anna)
  },
  'of many changes to different preferences none is lost': async ({ accounts }) => {
    await accounts.create(anna, 'anna')
    await atOnce((n) => accounts.setPreferences('u_anna', { [`p${n}`]: n }))
    const { preferences = {} } = (await accounts.find('u_anna')) ?? {}
    assert.equal(Object.values(preferences).length, parallelCallers)
  },
  'keys of the Flask project are ended, and those of nobody make nobody': async ({ accounts }) => {
    await accounts.create(anna, 'anna')
    assert.equal(await accounts.endLegacyKeys('u_anna', 77), true)
    assert.deepEqual(await accounts.find('u_anna'), { ...anna, legacyKeysBefore: 77 })
    assert.equal(await accounts.endLegacyKeys('u_nobody', 77), false)
    assert.equal(await accounts.find('u_nobody'), undefined)
  },
  'role, disabling and password are changed and taken away one by one': async ({ accounts }) => {
    await accounts.create(anna, 'anna')
    assert.equal(await accounts.change('u_anna', { role: 'admin', passwordHash: 'new' }), true)
    assert.equal(await accounts.change('u_anna', { disabledAt: 50 }), true)
    assert.deepEqual(await accounts.find('u_anna'), { ...anna, role: 'admin', passwordHash: 'new', disabledAt: 50 })
    assert.equal(await accounts.change('u_anna', { role: null, disabledAt: null }), true)
    assert.deepEqual(await accounts.find('u_anna'), { ...anna, passwordHash: 'new' })
    assert.equal(await accounts.change('u_nobody', { role: 'admin' }), false)
    assert.equal(await accounts.find('u_nobody'), undefined)
  },
  'a quota is changed part by part, and absent where nothing is left of it': async ({ accounts }) => {
    await accounts.create({ ...anna, quota: { images: 3 } }, 'anna')
    assert.equal(await accounts.change('u_anna', { quota: { bytes: 0, drafts: 7 } }), true)
    assert.deepEqual(await accounts.find('u_anna'), { ...anna, quota: { bytes: 0, images: 3, drafts: 7 } })
    assert.equal(await accounts.change('u_anna', { role: 'admin', quota: { bytes: null, drafts: null } }), true)
    assert.deepEqual(await accounts.find('u_anna'), { ...anna, role: 'admin', quota: { images: 3 } })
    assert.equal(await accounts.change('u_anna', { role: null, quota: { images: null } }), true)
    assert.deepEqual(await accounts.find('u_anna'), anna)
  },
  'accounts are listed by name without case, in pages that meet without gap or overlap': async ({ accounts }) => {
    const names = ['bob', 'Anna', 'anna', 'ännä', 'Ann A', '', 'ANNA-2', `anna ${'x'.repeat(300)}`, 'Ａnn\0a', '{z}']
    for (const [n, username] of names.entries()) await accounts.create({ ...anna, uid: `u_${n}`, username }, `${n}`)
    const all = await listed(accounts, '', 100)
    const order = ['', 'ann a', 'anna', 'anna', 'anna', `anna ${'x'.repeat(95)}`, 'anna-2', 'bob', '{z}', 'ännä']
    assert.deepEqual(
      all.map(({ username }) => sortName(username)),
      order,
    )
    for (const limit of [1, 2, 3]) assert.deepEqual(await listed(accounts, '', limit), all)
    assert.deepEqual(
      (await listed(accounts, 'anna', 2)).map(({ uid }) => uid),
      ['u_1', 'u_2', 'u_8', 'u_7', 'u_6'],
    )
    assert.deepEqual(await listed(accounts, 'c', 2), [])
  },
  'who lost a name to somebody else is not listed': async ({ accounts }) => {
    const answers = await atOnce((n) => accounts.create({ ...anna, uid: `u_${n}` }, 'anna'))
    assert.deepEqual(
      (await listed(accounts, '', 3)).map(({ uid }) => uid),
      [`u_${answers.indexOf(true)}`],
    )
  },
  'preferences of nobody make nobody': async ({ accounts }) => {
    assert.equal(await accounts.setPreferences('u_nobody', { theme: 'dark' }), false)
    assert.equal(await accounts.find('u_nobody'), undefined)
  },
  'a password hash is replaced only if it is the expected one': async ({ accounts }) => {
    await accounts.create({ ...anna, passwordHash: 'old' }, 'anna')
    assert.equal(await accounts.replacePasswordHash('u_anna', 'other', 'new'), false)
    assert.equal(await accounts.replacePasswordHash('u_anna', 'old', 'new'), true)
    assert.deepEqual(await accounts.find('u_anna'), { ...anna, passwordHash: 'new' })
  },
  'replacing the hash of nobody makes nobody': async ({ accounts }) => {
    assert.equal(await accounts.replacePasswordHash('u_nobody', 'old', 'new'), false)
    assert.equal(await accounts.find('u_nobody'), undefined)
  },
  'of many changes from one hash exactly one wins': async ({ accounts }) => {
    await accounts.create({ ...anna, passwordHash: 'old' }, 'anna')
    const answers = await atOnce((n) => accounts.replacePasswordHash('u_anna', 'old', `new${n}`))
    assert.equal(countOf(answers, true), 1)
    assert.equal((await accounts.find('u_anna'))?.passwordHash, `new${answers.indexOf(true)}`)
  },
  'a deleted account is nowhere, its name is free, and its uid is listed until it is finished': async ({
    accounts,
  }) => {
    await accounts.create({ ...anna, passwordHash: 'x' }, 'anna')
    await accounts.create({ ...anna, uid: 'u_bob', username: 'bob' }, 'bob')
    assert.equal(await accounts.beginDelete('u_bob', 'bob', 1_001), true)
    assert.equal(await accounts.beginDelete('u_anna', 'anna', 1_002), true)
    assert.equal(await accounts.find('u_anna'), undefined)
    assert.equal(await accounts.findByName('anna'), undefined)
    assert.equal(await accounts.change('u_anna', { role: 'admin' }), false)
    assert.deepEqual(await accounts.list({ prefix: '', limit: 9 }), { items: [] })
    assert.equal(await accounts.beginDelete('u_anna', 'anna', 1_500), true)
    assert.equal(await accounts.beginDelete('u_nobody', 'nobody', 1_002), false)
    assert.deepEqual(await accounts.listDeletions({ before: 1_003, limit: 9 }), ['u_bob', 'u_anna'])
    assert.deepEqual(await accounts.listDeletions({ before: 1_002, limit: 9 }), ['u_bob'])
    assert.deepEqual(await accounts.listDeletions({ before: 2_000, limit: 1 }), ['u_bob'])
    await accounts.finishDelete('u_bob')
    await accounts.finishDelete('u_bob')
    assert.deepEqual(await accounts.listDeletions({ before: 2_000, limit: 9 }), ['u_anna'])
    assert.equal(await accounts.create({ ...anna, uid: 'u_new' }, 'anna'), true)
    assert.equal(await accounts.beginDelete('u_anna', 'anna', 1_600), true)
    assert.equal((await accounts.findByName('anna'))?.uid, 'u_new')
    await accounts.finishDelete('u_anna')
    assert.equal(await accounts.beginDelete('u_anna', 'anna', 1_700), false)
  },
  'of many deletions of one account each succeeds, and it is listed once': async ({ accounts }) => {
    await accounts.create(anna, 'anna')
    const answers = await atOnce((n) => accounts.beginDelete('u_anna', 'anna', 1_000 + n))
    assert.equal(countOf(answers, true), parallelCallers)
    assert.deepEqual(await accounts.listDeletions({ before: 9_999, limit: 9 }), ['u_anna'])
  },
}

/** All pages of so many, in a row. */
async function listed(accounts: Accounts, prefix: string, limit: number): Promise<Account[]> {
  const all: Account[] = []
  for (let after: AccountPosition | undefined, turn = 0; turn < 100; turn++) {
    const { items, next } = await accounts.list({ prefix, limit, ...(after && { after }) })
    assert.ok(items.length <= limit)
    all.push(...items)
    if (!next) break
    after = next
  }
  return all
}

const anna: Account = { uid: 'u_anna', username: 'Anna', createdAt: 1_700_000_000 }

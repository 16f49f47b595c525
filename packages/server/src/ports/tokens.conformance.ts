import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import type { Token } from './tokens.ts'

export const tokensLaw: Law<MetadataStore> = {
  'a key is found by its hash as it was created': async ({ tokens }) => {
    const full: Token = { ...token(1), name: 'laptop {1}', lastUsedAt: 1_060, expiresAt: 2_000 }
    await tokens.create(full)
    await tokens.create(token(2))
    assert.deepEqual(await tokens.findByHash(full.hash), full)
    assert.deepEqual(await tokens.findByHash(token(2).hash), token(2))
    assert.equal(await tokens.findByHash('unknown'), undefined)
  },
  'the keys of an account are listed newest first, and nobody else’s': async ({ tokens }) => {
    for (const n of [2, 1, 3]) await tokens.create(token(n))
    await tokens.create({ ...token(4), uid: 'u_other' })
    assert.deepEqual(await ids(tokens), ['k_3', 'k_2', 'k_1'])
    assert.deepEqual(await tokens.list('u_nobody'), [])
  },
  'the last use is noted': async ({ tokens }) => {
    await tokens.create(token(1))
    await tokens.touch(token(1).hash, 5_000)
    assert.equal((await tokens.findByHash(token(1).hash))?.lastUsedAt, 5_000)
    assert.equal((await tokens.list('u_anna'))[0]?.lastUsedAt, 5_000)
  },
  'a session keeps what it is, and when it was confirmed': async ({ tokens }) => {
    const session: Token = { ...token(1), kind: 'session', userAgent: 'Browser/1', confirmedAt: 1_000 }
    await tokens.create(session)
    assert.deepEqual(await tokens.findByHash(session.hash), session)
    assert.equal(await tokens.confirm(session.hash, 4_000), true)
    assert.deepEqual(await tokens.list('u_anna'), [{ ...session, confirmedAt: 4_000 }])
    await tokens.delete('u_anna', session.id)
    assert.equal(await tokens.confirm(session.hash, 5_000), false)
    assert.equal(await tokens.findByHash(session.hash), undefined)
  },
  'a key is deleted by its owner only, and then opens nothing': async ({ tokens }) => {
    await tokens.create(token(1))
    assert.equal(await tokens.delete('u_other', 'k_1'), false)
    assert.equal(await tokens.delete('u_anna', 'k_2'), false)
    assert.equal(await tokens.delete('u_anna', 'k_1'), true)
    assert.equal(await tokens.delete('u_anna', 'k_1'), false)
    assert.equal(await tokens.findByHash(token(1).hash), undefined)
    assert.deepEqual(await ids(tokens), [])
  },
  'a deleted key never comes back to life, however its use is noted': async ({ tokens }) => {
    await atOnce(async (n) => {
      await tokens.create(token(n))
      await Promise.all([tokens.touch(token(n).hash, 5_000), tokens.delete('u_anna', `k_${n}`)])
      await tokens.touch(token(n).hash, 6_000)
    })
    assert.deepEqual(await atOnce((n) => tokens.findByHash(token(n).hash)), new Array(16).fill(undefined))
    assert.deepEqual(await ids(tokens), [])
  },
  'beyond the cap the least recently used keys of that kind go, and the new one stays': async ({ tokens }) => {
    await tokens.create({ ...token(9), kind: 'personal' })
    for (const n of [1, 2, 3]) await tokens.create(token(n), { keepNewest: 3 })
    await tokens.touch(token(1).hash, 9_000)
    await tokens.create({ ...token(4), createdAt: 1 }, { keepNewest: 3 })
    assert.deepEqual(await ids(tokens), ['k_9', 'k_3', 'k_1', 'k_4'])
    assert.equal(await tokens.findByHash(token(2).hash), undefined)
  },
  'many logins at once never leave more keys than the cap, nor fewer': async ({ tokens }) => {
    await atOnce((n) => tokens.create(token(n), { keepNewest: 5 }))
    const left = await ids(tokens)
    assert.equal(left.length, 5)
    const found = await atOnce((n) => tokens.findByHash(token(n).hash))
    assert.equal(found.filter((one) => one !== undefined).length, 5)
  },
  'a login leaves no key behind once its password is not the one of the account': async ({ accounts, tokens }) => {
    const passwordHash = '$argon2id$x'
    const login = (n: number) => tokens.create(token(n), { keepNewest: 1, passwordHash })
    assert.equal(await login(1), false)
    await accounts.create({ uid: 'u_anna', username: 'anna', createdAt: 1, passwordHash }, 'anna')
    assert.equal(await login(2), true)
    await accounts.replacePasswordHash('u_anna', passwordHash, 'next')
    assert.equal(await login(3), false)
    assert.deepEqual(await ids(tokens), ['k_2'])
    assert.equal(await tokens.findByHash(token(3).hash), undefined)
  },
  'of logins beside a password change all that were told yes can be ended after it': async ({ accounts, tokens }) => {
    await accounts.create({ uid: 'u_anna', username: 'anna', createdAt: 1, passwordHash: 'old' }, 'anna')
    let ended: string[] = []
    const change = accounts.replacePasswordHash('u_anna', 'old', 'next').then(async () => {
      ended = await ids(tokens)
      for (const id of ended) await tokens.delete('u_anna', id)
    })
    const logins = atOnce((n) => tokens.create(token(n), { passwordHash: 'old' }))
    await Promise.all([change, logins])
    assert.deepEqual(await ids(tokens), [])
    assert.equal(ended.length, countOf(await logins, true))
  },
}

const token = (n: number): Token => ({
  id: `k_${n}`,
  hash: `hash-${n}`,
  uid: 'u_anna',
  kind: 'login',
  scopes: ['images:read', 'upload'],
  createdAt: 1_000 + n,
})

const ids = async (tokens: MetadataStore['tokens']): Promise<string[]> =>
  (await tokens.list('u_anna')).map(({ id }) => id)

import assert from 'node:assert/strict'
import type { Grant, GrantRole, Grants } from './grants.ts'
import type { ImagePosition } from './images.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce, countOf } from './parallel.ts'
import { album, albumWith, ownerUid } from './samples.ts'

export const grantsLaw: Law<MetadataStore> = {
  'what somebody is to an album is known in one look': async (store) => {
    const { grants } = store
    await albumWith(store, 'alb_1', [])
    for (const [at, role] of (['view', 'add', 'edit'] as const).entries())
      assert.equal(await grants.put(grant(`u_${at}`, { role }), limits), 'granted')
    for (const [at, role] of (['view', 'add', 'edit'] as const).entries())
      assert.equal(await grants.roleOf('alb_1', `u_${at}`), role)
    assert.equal(await grants.roleOf('alb_1', ownerUid), 'owner')
    assert.equal(await grants.roleOf('alb_1', 'u_9'), undefined)
    assert.equal(await grants.roleOf('alb_2', 'u_0'), undefined)
    assert.equal(await grants.put(grant('u_0', { albumId: 'alb_2' }), limits), 'missing')
    assert.deepEqual(await grants.listOf('u_0', { limit: 9 }), { items: [grant('u_0', { role: 'view' })] })
  },
  'a later role takes the place of the one before': async (store) => {
    const { grants } = store
    await albumWith(store, 'alb_1', [])
    await grants.put(grant('u_1'), { max: 1 })
    assert.equal(await grants.put(grant('u_1', { role: 'edit', createdAt: 1_500 }), { max: 1 }), 'granted')
    const now = [grant('u_1', { role: 'edit', createdAt: 1_500 })]
    assert.deepEqual(await grants.list('alb_1'), now)
    assert.deepEqual(await grants.listOf('u_1', { limit: 9 }), { items: now })
  },
  'a revoked grant is gone on both sides': async (store) => {
    const { grants } = store
    await albumWith(store, 'alb_1', [])
    await grants.put(grant('u_1'), limits)
    await grants.put(grant('u_2', { createdAt: 900 }), limits)
    assert.equal(await grants.revoke('alb_1', 'u_1'), true)
    assert.equal(await grants.revoke('alb_1', 'u_1'), false)
    assert.equal(await grants.roleOf('alb_1', 'u_1'), undefined)
    assert.deepEqual(await grants.listOf('u_1', { limit: 9 }), { items: [] })
    assert.deepEqual(await grants.list('alb_1'), [grant('u_2', { createdAt: 900 })])
  },
  'an album has no more grants than it may, however many are given at once': async (store) => {
    const { grants } = store
    await albumWith(store, 'alb_1', [])
    const answers = await atOnce((n) => grants.put(grant(`u_${n}`), { max: 5 }))
    assert.equal(countOf(answers, 'granted'), 5)
    assert.equal((await grants.list('alb_1')).length, 5)
    for (const [n, answer] of answers.entries())
      assert.equal((await grants.listOf(`u_${n}`, { limit: 9 })).items.length, answer === 'granted' ? 1 : 0)
  },
  'of giving and revoking at once both sides come to say the same': async (store) => {
    const { grants } = store
    await albumWith(store, 'alb_1', [])
    await atOnce((n) =>
      Promise.all([
        grants.put(grant(`u_${n}`), limits),
        grants.revoke('alb_1', `u_${n}`),
        grants.put(grant(`u_${n}`), limits),
      ]),
    )
    for (let n = 0; n < 16; n++) {
      const role = await grants.roleOf('alb_1', `u_${n}`)
      assert.equal((await grants.listOf(`u_${n}`, { limit: 9 })).items.length, role ? 1 : 0)
    }
  },
  'what was granted to somebody is listed newest first, in pages that meet': async ({ albums, grants }) => {
    const all: Grant[] = []
    for (let n = 0; n < 7; n++) {
      await albums.create(album(`alb_${n}`), { max: 100 })
      all.push(grant('u_1', { albumId: `alb_${n}`, createdAt: 1_000 + (n % 3), role: roles[n % 3]! }))
      await grants.put(all[n]!, limits)
    }
    const order = all.toSorted((a, b) => b.createdAt - a.createdAt || (a.albumId < b.albumId ? 1 : -1))
    for (const limit of [1, 3, 7, 100]) assert.deepEqual(await walk(grants, 'u_1', limit), order)
    assert.deepEqual(await grants.listOf('u_nobody', { limit: 9 }), { items: [] })
  },
}

const limits = { max: 100 }
const roles: readonly GrantRole[] = ['view', 'add', 'edit']

const grant = (uid: string, more: Partial<Grant> = {}): Grant => ({
  albumId: 'alb_1',
  uid,
  role: 'view',
  createdAt: 1_000,
  ...more,
})

/** All pages; bounded, so that an endless list fails instead of hanging. */
async function walk(grants: Grants, uid: string, limit: number): Promise<Grant[]> {
  const all: Grant[] = []
  let after: ImagePosition | undefined
  for (let pages = 0; pages < 50; pages++) {
    const { items, next } = await grants.listOf(uid, after ? { limit, after } : { limit })
    all.push(...items)
    after = next
    if (!after) return all
  }
  assert.fail('the list does not end')
}

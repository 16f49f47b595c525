import assert from 'node:assert/strict'
import type { Invite, InvitePosition, Invites } from './invites.ts'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { atOnce } from './parallel.ts'

const invite = (n: number, more: Partial<Invite> = {}): Invite => ({
  id: `inv_${n}`,
  hash: `hash-${n}`,
  uses: 1,
  used: 0,
  createdAt: 1_000 + n,
  ...more,
})

/** Of many who want a use at once, how many got one. */
const consumers = async (invites: Invites, hash = 'hash-1'): Promise<number> =>
  (await atOnce(() => invites.consume(hash, 1_500))).filter((id) => id === 'inv_1').length

export const invitesLaw: Law<MetadataStore> = {
  'an invite is found by the hash of its code, as it was made': async ({ invites }) => {
    const full = invite(1, { note: 'for “Grüße” {1}', uses: 3, expiresAt: 2_000 })
    await invites.create(full)
    await invites.create(invite(2))
    assert.deepEqual(await invites.find('hash-1'), full)
    assert.deepEqual(await invites.find('hash-2'), invite(2))
    assert.equal(await invites.find('hash-3'), undefined)
  },
  'of many who use an invite of five at once exactly five may': async ({ invites }) => {
    await invites.create(invite(1, { uses: 5 }))
    assert.equal(await consumers(invites), 5)
    assert.equal((await invites.find('hash-1'))?.used, 5)
    assert.equal(await consumers(invites), 0)
  },
  'a use that was given back may be taken once more': async ({ invites }) => {
    await invites.create(invite(1, { uses: 5 }))
    await consumers(invites)
    await Promise.all([invites.giveBack('inv_1'), invites.giveBack('inv_1')])
    assert.equal(await consumers(invites), 2)
  },
  'nobody gives back more than was taken, nor to an invite that is gone': async ({ invites }) => {
    await invites.create(invite(1))
    await atOnce(() => invites.giveBack('inv_1'))
    assert.equal(await consumers(invites), 1)
    await invites.delete('inv_1')
    await invites.giveBack('inv_1')
    assert.equal(await invites.find('hash-1'), undefined)
    assert.deepEqual((await invites.list({ limit: 10 })).items, [])
  },
  'an invite ends in the second that it names': async ({ invites }) => {
    await invites.create(invite(1, { uses: 2, expiresAt: 2_000 }))
    assert.equal(await invites.consume('hash-1', 2_000), undefined)
    assert.equal(await invites.consume('hash-1', 1_999), 'inv_1')
  },
  'an invite that was taken back opens nothing': async ({ invites }) => {
    await invites.create(invite(1))
    assert.equal(await invites.delete('inv_1'), true)
    assert.equal(await invites.delete('inv_1'), false)
    assert.equal(await invites.consume('hash-1', 1_500), undefined)
    assert.equal(await invites.find('hash-1'), undefined)
  },
  'invites are listed newest first, in pages that meet without gap or overlap, also where times are equal': async ({
    invites,
  }) => {
    for (const n of [3, 1, 5, 2, 4]) await invites.create(invite(n, { createdAt: n < 4 ? 900 : 10_000 }))
    await invites.consume('hash-2', 1_500)
    for (const limit of [1, 2, 10]) {
      const listed = await all(invites, limit)
      assert.deepEqual(
        listed.map(({ id, used }) => [id, used]),
        [5, 4, 3, 2, 1].map((n) => [`inv_${n}`, n === 2 ? 1 : 0]),
      )
    }
  },
}

/** All pages of so many, in a row. */
async function all(invites: Invites, limit: number): Promise<Invite[]> {
  const listed: Invite[] = []
  for (let after: InvitePosition | undefined, turn = 0; turn < 10; turn++) {
    const { items, next } = await invites.list({ limit, ...(after && { after }) })
    assert.ok(items.length <= limit)
    listed.push(...items)
    if (!next) break
    after = next
  }
  return listed
}

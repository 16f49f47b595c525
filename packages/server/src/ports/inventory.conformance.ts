import assert from 'node:assert/strict'
import type { Law } from './law.ts'
import type { MetadataStore } from './metadata-store.ts'
import { image, ownerUid, stored } from './samples.ts'

export const inventoryLaw: Law<MetadataStore> = {
  'every account is met with the name that it took': async ({ accounts, inventory }) => {
    // More than any engine reads at once.
    const uids = Array.from({ length: 1_200 }, (_, n) => `u_${n}`)
    await Promise.all(
      uids.map((uid) => accounts.create({ uid, username: uid.toUpperCase(), createdAt: 1_000 }, `name of {${uid}}`)),
    )
    const met = new Map<string, string>()
    for await (const { nameKey, account } of inventory.accounts()) met.set(account.uid, nameKey)
    assert.deepEqual(new Set(met.keys()), new Set(uids))
    assert.equal(met.get('u_7'), 'name of {u_7}')
  },
  'every image is met as it is, live or in the trash, and none that is being deleted': async (store) => {
    const { images, trash, inventory } = store
    const ids = Array.from({ length: 1_200 }, (_, n) => `img_${n}`)
    // As many drafts as one account may have open in these laws.
    for (let start = 0; start < ids.length; start += 400)
      await Promise.all(ids.slice(start, start + 400).map((id) => stored(store, id)))
    const other = { ownerUid: 'u_other', key: 'uploads/u_other/img_other/photo.jpg', title: 'Grüße' }
    await stored(store, 'img_other', other)
    await trash.put('img_1', 2_000, `uploads/${ownerUid}/img_1/x/photo.jpg`)
    await images.beginDelete('img_2', 2_000)
    const met = new Map((await Array.fromAsync(inventory.images())).map((found) => [found.id, found]))
    assert.deepEqual(new Set(met.keys()), new Set([...ids, 'img_other'].filter((id) => id !== 'img_2')))
    assert.deepEqual(met.get('img_other'), image('img_other', other))
    assert.deepEqual(met.get('img_1'), await trash.find('img_1'))
    assert.equal(met.get('img_1')?.trashedAt, 2_000)
  },
}

import { afterAll, beforeAll, expect, test } from 'vitest'
import { nameOf, peopleOfAlbum } from '../testing/people-of-album.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())

const open = async (user: TestUser, url: string) =>
  (await app.fetch(url, { headers: { 'x-api-key': user.apiKey } })).status

test('who was granted an album finds it among what is shared with them', async () => {
  const { album, owner, viewer, editor, stranger } = await peopleOfAlbum(app)
  expect((await viewer.client.albums.shared()).items).toMatchObject([
    { id: album, role: 'view', owner_uid: owner.uid, image_count: 0 },
  ])
  expect((await editor.client.albums.shared()).items).toMatchObject([{ id: album, role: 'edit' }])
  for (const user of [owner, stranger]) expect((await user.client.albums.shared()).items).toEqual([])
  await owner.client.albums.delete({ params: { album } })
  expect((await viewer.client.albums.shared()).items).toEqual([])
})

test('a grant that is taken back opens no bytes any more, also of what was open a moment ago', async () => {
  const { album, owner, viewer } = await peopleOfAlbum(app)
  const image = await uploadPicture(app, owner, await pictures.png({ seed: 1 }), { album, visibility: 'private' })
  const addresses = [image.url, image.thumbnail_url, `http://images.test/api/v1/image/${image.id}/info`]
  for (const address of addresses) expect(await open(viewer, address)).toBe(200)
  await owner.client.grants.delete({ params: { album, username: await nameOf(viewer) } })
  for (const address of addresses) expect(await open(viewer, address)).toBe(404)
  await expect(viewer.client.albums.images({ params: { album } })).rejects.toMatchObject({ code: 'not_found' })
})

test('an image that is taken out of the album is closed to those that it was granted to', async () => {
  const { album, owner, viewer } = await peopleOfAlbum(app)
  const image = await uploadPicture(app, owner, await pictures.png({ seed: 2 }), { album, visibility: 'private' })
  expect(await open(viewer, image.url)).toBe(200)
  await owner.client.albums.change({ params: { album }, body: { remove: [image.id] } })
  expect(await open(viewer, image.url)).toBe(404)
  await owner.client.albums.change({ params: { album }, body: { add: [image.id] } })
  expect(await open(viewer, image.url)).toBe(200)
  await owner.client.albums.delete({ params: { album } })
  expect(await open(viewer, image.url)).toBe(404)
  expect(await open(owner, image.url)).toBe(200)
})

test('a grant of an album opens no other private image of its owner', async () => {
  const { owner, viewer } = await peopleOfAlbum(app)
  const elsewhere = await uploadPicture(app, owner, await pictures.png({ seed: 3 }), { visibility: 'private' })
  const { id: other } = await owner.client.albums.create({ body: { name: 'Not granted' } })
  await owner.client.albums.change({ params: { album: other }, body: { add: [elsewhere.id] } })
  expect(await open(viewer, elsewhere.url)).toBe(404)
})

test('the owner lists, changes and ends grants by the names of the accounts, in any case', async () => {
  const { album, owner, viewer } = await peopleOfAlbum(app)
  const account = { username: 'Annabel', password: 'correct horse battery' }
  const { api_key: apiKey } = await app.client().accounts.register({ body: account })
  const put = (username: string, role: 'view' | 'add') =>
    owner.client.grants.put({ params: { album, username }, body: { role } })
  expect(await put('ANNABEL', 'add')).toMatchObject({ username: 'annabel', role: 'add' })
  await expect(put('nobody-of-this-name', 'view')).rejects.toMatchObject({ code: 'not_found' })
  await expect(put(await nameOf(owner), 'view')).rejects.toMatchObject({ code: 'validation' })
  const list = async () => (await owner.client.grants.list({ params: { album } })).items.map(({ role }) => role)
  expect((await list()).sort()).toEqual(['add', 'add', 'edit', 'view'])
  await put(await nameOf(viewer), 'add')
  expect((await list()).sort()).toEqual(['add', 'add', 'add', 'edit'])
  // Whoever has a grant may end it, and no other one.
  const annabel = app.client(apiKey)
  const others = { params: { album, username: await nameOf(viewer) } }
  await expect(annabel.grants.delete(others)).rejects.toMatchObject({ code: 'forbidden' })
  await annabel.grants.delete({ params: { album, username: 'annabel' } })
  expect((await annabel.albums.shared()).items).toEqual([])
  await expect(owner.client.grants.delete({ params: { album, username: 'annabel' } })).rejects.toMatchObject({
    code: 'not_found',
  })
})

test('deleting either account ends the grant', async () => {
  const first = await peopleOfAlbum(app)
  const second = await peopleOfAlbum(app)
  const account = { username: 'leaving', password: 'correct horse battery' }
  const { api_key: apiKey } = await app.client().accounts.register({ body: account })
  const leaving = app.client(apiKey)
  const params = { album: first.album, username: 'leaving' }
  await first.owner.client.grants.put({ params, body: { role: 'add' } })
  const { id: album } = await leaving.albums.create({ body: { name: 'Of hers' } })
  const username = await nameOf(second.owner)
  await leaving.grants.put({ params: { album, username }, body: { role: 'edit' } })
  expect((await second.owner.client.albums.shared()).items).toHaveLength(1)
  await leaving.accounts.delete({ body: { password: account.password } })
  expect((await second.owner.client.albums.shared()).items).toEqual([])
  expect((await first.owner.client.grants.list({ params: { album: first.album } })).items).toHaveLength(3)
  expect(await app.metadata.grants.list(first.album)).toHaveLength(3)
})

test('grants and drop links are in the audit log, without what opens anything', async () => {
  const { album, owner, viewer } = await peopleOfAlbum(app)
  const { slug } = await owner.client.drops.create({ params: { album }, body: { password: 'open sesame' } })
  await owner.client.drops.update({ params: { slug }, body: { max_files: 3 } })
  await owner.client.drops.delete({ params: { slug } })
  await owner.client.grants.delete({ params: { album, username: await nameOf(viewer) } })
  const items = await app.metadata.audit.list({ limit: 5, order: 'newest first' })
  expect(items.map(({ action, target }) => [action, target])).toEqual(
    ['grant.delete', 'drop.delete', 'drop.update', 'drop.create', 'grant.put'].map((action) => [action, album]),
  )
  expect(JSON.stringify(items)).not.toContain(slug)
  expect(JSON.stringify(items)).not.toContain('sesame')
})

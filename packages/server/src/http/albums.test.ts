import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createHttpFetcher } from '../infrastructure/http-fetcher/fetcher.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
let seeds = 0
beforeAll(async () => {
  app = await startTestApp({ MAX_ALBUM_IMAGES: '6' })
})
afterAll(() => app.stop())
beforeEach(async () => {
  owner = await app.user()
})

const newAlbum = async (body = {}) => (await owner.client.albums.create({ body: { name: 'Summer', ...body } })).id

async function uploads(count: number, options = {}): Promise<string[]> {
  const ids: string[] = []
  for (let n = 0; n < count; n++)
    ids.push((await uploadPicture(app, owner, await pictures.png({ seed: ++seeds }), options)).id)
  return ids
}

async function imagesOf(album: string, limit = 50): Promise<string[]> {
  const ids: string[] = []
  let cursor: string | undefined
  do {
    const query = { limit, ...(cursor !== undefined && { cursor }) }
    const page = await owner.client.albums.images({ params: { album }, query })
    ids.push(...page.items.map(({ id }) => id))
    cursor = page.next_cursor
  } while (cursor !== undefined)
  return ids
}

test('an album is private and empty when it is made, and says what was said of it', async () => {
  const made = await owner.client.albums.create({ body: { name: 'Summer', description: 'At the lake' } })
  expect(made).toEqual({
    id: expect.stringMatching(/^alb_[0-9A-Za-z]{16}$/),
    owner_uid: owner.uid,
    name: 'Summer',
    description: 'At the lake',
    visibility: 'private',
    created_at: app.now() / 1000,
    page_url: `http://images.test/a/${made.id}`,
    role: 'owner',
    image_count: 0,
  })
  expect(await owner.client.albums.get({ params: { album: made.id } })).toEqual(made)
  expect((await owner.client.albums.list()).items).toEqual([made])
  const changed = await owner.client.albums.update({ params: { album: made.id }, body: { description: '' } })
  expect(changed).not.toHaveProperty('description')
})

test('images keep the order of the hand that laid them', async () => {
  const album = await newAlbum()
  const [a, b, c] = (await uploads(3)) as [string, string, string]
  const change = (body: object) => owner.client.albums.change({ params: { album }, body })
  await change({ add: [c, a] })
  await change({ add: [b, c] })
  for (const limit of [1, 2, 50]) expect(await imagesOf(album, limit)).toEqual([c, a, b])
  await change({ move: { id: b, after: c } })
  expect(await imagesOf(album, 1)).toEqual([c, b, a])
  await change({ remove: [c], move: { id: a, after: null } })
  expect(await imagesOf(album)).toEqual([a, b])
  await expect(change({ move: { id: a, after: c } })).rejects.toMatchObject({ code: 'not_found' })
  expect((await owner.client.albums.get({ params: { album } })).image_count).toBe(2)
})

test('the first image stands for the album until another one is chosen', async () => {
  const album = await newAlbum({ visibility: 'unlisted' })
  const [a, b] = (await uploads(2, { album })) as [string, string]
  const [elsewhere] = (await uploads(1)) as [string]
  const cover = async () => (await owner.client.albums.get({ params: { album } })).cover?.id
  const choose = (cover_id: string | null) => owner.client.albums.update({ params: { album }, body: { cover_id } })
  expect(await cover()).toBe(a)
  expect(await choose(b)).toMatchObject({ cover_id: b, cover: { id: b, width: 64 } })
  await expect(choose(elsewhere)).rejects.toMatchObject({ code: 'validation', details: { field: 'body.cover_id' } })
  await owner.client.images.update({ params: { id: b }, body: { visibility: 'private' } })
  // Whoever may not see the chosen one gets the first that they may.
  const seen = await app.client().albums.get({ params: { album } })
  expect(seen.cover?.id).toBe(a)
  expect(seen).not.toHaveProperty('cover_id')
  expect(seen).not.toHaveProperty('image_count')
  await owner.client.images.delete({ params: { id: b } })
  expect(await cover()).toBe(a)
})

test('an image says to its owner in which albums it is', async () => {
  const [one, two] = [await newAlbum(), await newAlbum()]
  const [id] = (await uploads(1, { album: one })) as [string]
  await owner.client.albums.change({ params: { album: two }, body: { add: [id] } })
  const info = await owner.client.images.info({ params: { id } })
  expect(info.album_ids?.sort()).toEqual([one, two].sort())
  expect(await app.client().images.info({ params: { id } })).not.toHaveProperty('album_ids')
  await owner.client.albums.delete({ params: { album: one } })
  expect((await owner.client.images.info({ params: { id } })).album_ids).toEqual([two])
})

describe('an upload into an album', () => {
  const send = async (init: RequestInit, query = '') => {
    const headers = { 'x-api-key': owner.apiKey, ...(init.headers as Record<string, string>) }
    const answer = await app.fetch(`http://images.test/api/v1/upload${query}`, { method: 'POST', ...init, headers })
    return { status: answer.status, body: await answer.json() }
  }
  const bytes = async () => new Uint8Array(await pictures.png({ seed: ++seeds }))

  test('works in the query, in a form, and by a direct upload', async () => {
    const album = await newAlbum()
    const raw = await send({ headers: { 'content-type': 'image/png' }, body: await bytes() }, `?album=${album}`)
    const form = new FormData()
    form.append('file', new Blob([await bytes()], { type: 'image/png' }), 'a.png')
    form.append('album', album)
    const multipart = await send({ body: form })
    const request = { filename: 'a.png', mime_type: 'image/png', album }
    const asked = await owner.client.uploads.request({ body: request })
    const put = { method: 'PUT', headers: { 'content-type': 'image/png' }, body: await bytes() }
    await app.fetch(asked.presigned_url, put)
    expect(await imagesOf(album)).toEqual([raw.body.id, multipart.body.id])
    await owner.client.uploads.complete({ body: { iid: asked.iid } })
    expect(await imagesOf(album)).toEqual([raw.body.id, multipart.body.id, asked.iid])
  })

  test('works by an address too', async () => {
    const picture = await bytes()
    const source = createServer((_, answer) => void answer.end(picture)).listen(0, '127.0.0.1')
    await once(source, 'listening')
    const { port } = source.address() as AddressInfo
    const fetcher = createHttpFetcher({ allowedPorts: [port], timeoutMs: 5_000, isAllowedAddress: () => true })
    const importing = await startTestApp({}, { fetcher })
    const { client, apiKey } = await importing.user()
    const { id: album } = await client.albums.create({ body: { name: 'Found' } })
    const answer = await importing.fetch('http://images.test/api/v1/upload', {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify({ url: `http://127.0.0.1:${port}/a.png`, album }),
    })
    expect(answer.status).toBe(201)
    expect((await client.albums.images({ params: { album } })).items).toHaveLength(1)
    await importing.stop()
    source.close()
  })

  test('puts the image in that is here already', async () => {
    const album = await newAlbum()
    const body = await bytes()
    const init = { headers: { 'content-type': 'image/png' }, body }
    const first = await send(init)
    const second = await send(init, `?album=${album}`)
    expect(second).toMatchObject({ status: 200, body: { id: first.body.id, duplicate: true } })
    expect(await imagesOf(album)).toEqual([first.body.id])
  })

  test('is refused before its bytes count where the album is not one for it', async () => {
    const init = { headers: { 'content-type': 'image/png' }, body: await bytes() }
    const { id: closed } = await (await app.user()).client.albums.create({ body: { name: 'x' } })
    const theirs = { name: 'x', visibility: 'unlisted' } as const
    const { id: open } = await (await app.user()).client.albums.create({ body: theirs })
    expect(await send(init, '?album=alb_none')).toMatchObject({ status: 404 })
    expect(await send(init, `?album=${closed}`)).toMatchObject({ status: 404 })
    expect(await send(init, `?album=${open}`)).toMatchObject({ status: 403 })
    expect((await owner.client.images.list()).items).toEqual([])
  })

  test('leaves nothing in it where the picture is refused, and nothing at all where the album is full', async () => {
    const album = await newAlbum()
    const broken = await send({ headers: { 'content-type': 'image/png' }, body: 'no picture' }, `?album=${album}`)
    expect(broken.status).toBe(415)
    expect((await owner.client.albums.get({ params: { album } })).image_count).toBe(0)
    await uploads(6, { album })
    const full = await send({ headers: { 'content-type': 'image/png' }, body: await bytes() }, `?album=${album}`)
    expect(full).toMatchObject({ status: 409, body: { error: { code: 'album_full', details: { max: 6 } } } })
    expect((await owner.client.images.usage()).images).toBe(6)
    expect((await owner.client.images.usage()).drafts).toBe(0)
  })

  test('whose album is gone by the time that it is complete becomes an image all the same', async () => {
    const album = await newAlbum()
    const asked = await owner.client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png', album } })
    await app.fetch(asked.presigned_url, {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: await bytes(),
    })
    await owner.client.albums.delete({ params: { album } })
    expect((await owner.client.uploads.complete({ body: { iid: asked.iid } })).id).toBe(asked.iid)
    expect((await owner.client.images.info({ params: { id: asked.iid } })).album_ids).toEqual([])
  })

  test('that is given up has no place in it after the sweep', async () => {
    const album = await newAlbum()
    const asked = await owner.client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png', album } })
    // As a server leaves it that died right before the commit.
    await app.metadata.albumImages.add(album, [asked.iid], { max: 9, maxAlbums: 9 })
    expect((await owner.client.albums.get({ params: { album } })).image_count).toBe(1)
    expect(await imagesOf(album)).toEqual([])
    app.pass(2 * 86_400)
    await app.sweeper.sweep()
    expect((await owner.client.albums.get({ params: { album } })).image_count).toBe(0)
  })
})

test('the list of the own images is filtered by album, in its order', async () => {
  const friend = await app.user()
  const album = await newAlbum()
  const { username } = await friend.client.accounts.me()
  await owner.client.grants.put({ params: { album, username }, body: { role: 'add' } })
  const [a, b, c] = (await uploads(3)) as [string, string, string]
  const theirs = await uploadPicture(app, friend, await pictures.png({ seed: ++seeds }), { album })
  await owner.client.albums.change({ params: { album }, body: { add: [c, a, b] } })
  await owner.client.images.update({ params: { id: a }, body: { tags: ['lake'] } })
  const list = async (user: TestUser, query: object) =>
    (await user.client.images.list({ query: { album, ...query } })).items.map(({ id }) => id)
  expect(await list(owner, {})).toEqual([c, a, b])
  expect(await list(owner, { tag: 'lake' })).toEqual([a])
  expect(await list(owner, { q: 'nothing' })).toEqual([])
  expect(await list(friend, {})).toEqual([theirs.id])
  await expect(list(await app.user(), {})).rejects.toMatchObject({ code: 'not_found' })
  await expect(list(owner, { sort: 'taken_at' })).rejects.toMatchObject({ code: 'validation' })
  const first = await owner.client.images.list({ query: { album, limit: 2 } })
  const rest = await owner.client.images.list({ query: { album, limit: 2, cursor: first.next_cursor! } })
  expect([...first.items, ...rest.items].map(({ id }) => id)).toEqual([c, a, b])
})

test('many images come in with one call, in the order that it names, each on its own', async () => {
  const album = await newAlbum()
  const [a, b] = (await uploads(2)) as [string, string]
  const theirs = await uploadPicture(app, await app.user(), await pictures.png({ seed: ++seeds }))
  const { bulk } = owner.client.collection
  const { items } = await bulk({ body: { action: 'album', album, ids: [b, theirs.id, a] } })
  expect(items.map(({ error }) => error?.code)).toEqual([undefined, 'forbidden', undefined])
  expect(await imagesOf(album)).toEqual([b, a])
  const moved = await bulk({ body: { action: 'visibility', visibility: 'private', filter: { album } } })
  expect(moved.items.map(({ id }) => id)).toEqual([b, a])
})

test('an image keeps its place while it is in the trash, and gives it up when it goes for good', async () => {
  const album = await newAlbum()
  const [a, b, c] = (await uploads(3, { album })) as [string, string, string]
  await owner.client.collection.bulk({ body: { action: 'trash', ids: [a, b] } })
  expect(await imagesOf(album)).toEqual([c])
  await owner.client.collection.bulk({ body: { action: 'restore', ids: [a] } })
  expect(await imagesOf(album)).toEqual([a, c])
  const places = async () => (await owner.client.albums.get({ params: { album } })).image_count
  expect(await places()).toBe(3)
  app.pass(31 * 86_400)
  await app.sweeper.sweep()
  expect(await places()).toBe(2)
})

test('what a crash has left of a deletion is finished by the sweeper', async () => {
  const album = await newAlbum()
  const [id] = (await uploads(1, { album })) as [string]
  await app.metadata.albums.beginDelete(album, app.now() / 1000)
  await expect(owner.client.albums.get({ params: { album } })).rejects.toMatchObject({ code: 'not_found' })
  app.pass(61)
  await app.sweeper.sweep()
  expect(await app.metadata.albums.listDeletions({ before: app.now(), limit: 9 })).toEqual([])
  expect((await owner.client.images.info({ params: { id } })).album_ids).toEqual([])
})

test('making an album may be repeated by a client that lost the answer', async () => {
  const make = () =>
    app.fetch('http://images.test/api/v1/me/albums', {
      method: 'POST',
      headers: { 'x-api-key': owner.apiKey, 'content-type': 'application/json', 'idempotency-key': 'album-1' },
      body: '{"name":"Once"}',
    })
  const [first, second] = [await (await make()).json(), await (await make()).json()]
  expect(second.id).toBe(first.id)
  expect((await owner.client.albums.list()).items).toHaveLength(1)
})

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
let owner: TestUser
let album: string
let seeds = 0
beforeAll(async () => {
  app = await startTestApp({ RATE_DROP: '0', RATE_LOGIN_NAME: '3', QUOTA_IMAGES: '20', TRUSTED_PROXIES: '127.0.0.1' })
})
afterAll(() => app.stop())
beforeEach(async () => {
  owner = await app.user()
  album = (await owner.client.albums.create({ body: { name: 'Wedding', visibility: 'unlisted' } })).id
})

const newDrop = (body = {}) => owner.client.drops.create({ params: { album }, body })
const picture = async () => new Uint8Array(await pictures.png({ seed: ++seeds }))

async function post(slug: string, init: RequestInit) {
  const answer = await app.fetch(`http://images.test/d/${slug}/upload`, { method: 'POST', ...init })
  return { status: answer.status, body: await answer.json() }
}

const send = async (slug: string, headers: Record<string, string> = {}) =>
  post(slug, { headers: { 'content-type': 'image/png', ...headers }, body: await picture() })

/** As a form sends it: text fields and files in this order. */
function sendForm(slug: string, parts: [string, string | Uint8Array<ArrayBuffer>][]) {
  const form = new FormData()
  for (const [name, value] of parts) {
    if (typeof value === 'string') form.append(name, value)
    else form.append(name, new Blob([value], { type: 'image/png' }), `${name}.png`)
  }
  return post(slug, { body: form })
}

const inAlbum = async () => (await owner.client.albums.images({ params: { album } })).items

test('a guest puts a picture into the album, and it belongs to its owner', async () => {
  const { slug, url } = await newDrop()
  expect(slug).toMatch(/^[0-9A-Za-z]{16}$/)
  expect(url).toBe(`http://images.test/d/${slug}`)
  const { status, body } = await send(slug)
  expect(status).toBe(201)
  const [image] = await inAlbum()
  expect(body).toEqual({
    items: [{ filename: 'image', mime: 'image/png', size: image?.size, held: false, url: image?.url }],
    errors: [],
  })
  expect(image).toMatchObject({ owner_uid: owner.uid, visibility: 'unlisted' })
  expect((await owner.client.images.usage()).images).toBe(1)
  expect((await owner.client.drops.list({ params: { album } })).items).toMatchObject([{ slug, files: 1 }])
})

test('what a guest sends loses its metadata, whatever its owner prefers', async () => {
  await owner.client.accounts.update({ body: { preferences: { keep_metadata: true } } })
  const { slug } = await newDrop()
  await post(slug, { headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(await pictures.jpegWithGps()) })
  const [image] = await inAlbum()
  const served = Buffer.from(await (await app.fetch(image!.url)).arrayBuffer())
  expect(served.includes('Acme')).toBe(false)
})

test('several files stand or fall on their own', async () => {
  const { slug } = await newDrop({ max_files: 3 })
  const text = new TextEncoder().encode('no picture')
  const first = await sendForm(slug, [
    ['a', await picture()],
    ['b', text],
    ['c', await picture()],
  ])
  expect(first.body.items.map(({ filename }: { filename: string }) => filename)).toEqual(['a.png', 'c.png'])
  expect(first.body.errors).toMatchObject([{ filename: 'b.png', error: { code: 'unsupported_type' } }])
  // What was refused has not used the link up.
  const second = await sendForm(slug, [
    ['d', await picture()],
    ['e', await picture()],
  ])
  expect(second.body.items).toHaveLength(1)
  expect(second.body.errors).toMatchObject([{ filename: 'e.png', error: { code: 'link_full' } }])
  expect(await send(slug)).toMatchObject({ status: 409, body: { error: { code: 'link_full' } } })
  expect(await inAlbum()).toHaveLength(3)
})

test('of sixteen guests at once as many come in as the link takes', async () => {
  const { slug } = await newDrop({ max_files: 5 })
  const answers = await Promise.all(Array.from({ length: 16 }, () => send(slug)))
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(5)
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201, 409]))
  expect(await inAlbum()).toHaveLength(5)
  expect((await owner.client.drops.list({ params: { album } })).items).toMatchObject([{ files: 5 }])
})

test('a link takes no more bytes than it may', async () => {
  const { slug } = await newDrop({ max_bytes: (await picture()).length + 100 })
  expect((await send(slug)).status).toBe(201)
  expect(await send(slug)).toMatchObject({ status: 409, body: { error: { code: 'link_full' } } })
})

describe('a password', () => {
  test('is asked before anything is taken, in a header or in a field before the files', async () => {
    const { slug, has_password } = await newDrop({ password: 'open sesame' })
    expect(has_password).toBe(true)
    const refused = { status: 403, body: { error: { code: 'password_needed' } } }
    expect(await send(slug)).toMatchObject(refused)
    expect(await sendForm(slug, [['a', await picture()]])).toMatchObject(refused)
    const late = await sendForm(slug, [
      ['a', await picture()],
      ['password', 'open sesame'],
    ])
    expect(late).toMatchObject(refused)
    const wrong = await sendForm(slug, [
      ['password', 'open barley'],
      ['a', await picture()],
    ])
    expect(wrong).toMatchObject({ status: 403, body: { error: { code: 'password_wrong' } } })
    const right = await sendForm(slug, [
      ['password', 'open sesame'],
      ['a', await picture()],
    ])
    expect(right.status).toBe(201)
    expect((await send(slug, { 'x-link-password': 'open sesame' })).status).toBe(201)
    expect(await inAlbum()).toHaveLength(2)
  })

  test('is not in any answer, nor in the store but as a hash', async () => {
    const made = await newDrop({ password: 'open sesame' })
    expect(JSON.stringify([made, await owner.client.drops.list({ params: { album } })])).not.toMatch(/sesame|argon/)
    expect((await app.metadata.drops.find(made.slug))?.passwordHash).toMatch(/^\$argon2id\$/)
  })

  test('cannot be guessed at will, and who guesses shuts out nobody else', async () => {
    const { slug } = await newDrop({ password: 'open sesame' })
    const from = (address: string, password: string) =>
      send(slug, { 'x-forwarded-for': address, 'x-link-password': password })
    for (let turn = 0; turn < 3; turn++) expect((await from('203.0.113.1', 'wrong')).status).toBe(403)
    expect((await from('203.0.113.1', 'open sesame')).status).toBe(429)
    expect((await from('203.0.113.2', 'open sesame')).status).toBe(201)
    app.pass(600)
    expect((await from('203.0.113.1', 'open sesame')).status).toBe(201)
  })

  test('may be changed and taken away', async () => {
    const { slug } = await newDrop({ password: 'open sesame' })
    await owner.client.drops.update({ params: { slug }, body: { password: 'new' } })
    expect((await send(slug, { 'x-link-password': 'open sesame' })).status).toBe(403)
    expect((await send(slug, { 'x-link-password': 'new' })).status).toBe(201)
    const open = await owner.client.drops.update({ params: { slug }, body: { password: null, max_files: 2 } })
    expect(open).toMatchObject({ has_password: false, max_files: 2, files: 1 })
    expect((await send(slug)).status).toBe(201)
    expect((await send(slug)).status).toBe(409)
  })
})

test('whoever has the link is told what it is for, and what it asks', async () => {
  const guest = app.client()
  const { slug } = await newDrop({ password: 'x', max_files: 3, expires_at: app.now() / 1000 + 60, holds: true })
  expect(await guest.drops.look({ params: { slug } })).toEqual({
    album_name: 'Wedding',
    needs_password: true,
    shows_album: false,
    holds: true,
    expires_at: app.now() / 1000 + 60,
    files_left: 3,
    max_file_bytes: expect.any(Number),
  })
  app.pass(60)
  await expect(guest.drops.look({ params: { slug } })).rejects.toMatchObject({ code: 'link_ended' })
  expect((await send(slug, { 'x-link-password': 'x' })).status).toBe(410)
  await owner.client.drops.delete({ params: { slug } })
  await expect(guest.drops.look({ params: { slug } })).rejects.toMatchObject({ code: 'not_found' })
  expect((await send(slug)).status).toBe(404)
})

test('a link shows the album to those who know its password, where it shows it, and never what is private', async () => {
  await uploadPicture(app, owner, await pictures.png({ seed: ++seeds }), { album, visibility: 'private' })
  const open = await uploadPicture(app, owner, await pictures.png({ seed: ++seeds }), { album })
  const guest = app.client()
  const [blind, seeing] = [await newDrop(), await newDrop({ shows_album: true, password: 'x' })]
  expect((await guest.drops.images({ params: { slug: blind.slug }, body: {} })).items).toEqual([])
  const params = { slug: seeing.slug }
  await expect(guest.drops.images({ params, body: {} })).rejects.toMatchObject({ code: 'password_needed' })
  await expect(guest.drops.images({ params, body: { password: 'y' } })).rejects.toMatchObject({
    code: 'password_wrong',
  })
  const { items } = await guest.drops.images({ params, body: { password: 'x' } })
  expect(items.map(({ id }) => id)).toEqual([open.id])
  expect(items[0]).not.toHaveProperty('camera')
})

describe('what is held', () => {
  const held = async () => (await owner.client.albums.held({ params: { album } })).items
  const decide = (body: object) => owner.client.albums.decide({ params: { album }, body })

  test('is seen by its owner alone until it is let in', async () => {
    const { slug } = await newDrop({ holds: true })
    const { body } = await send(slug)
    expect(body.items).toEqual([{ filename: 'image', mime: 'image/png', size: expect.any(Number), held: true }])
    expect(await inAlbum()).toEqual([])
    const [waiting] = await held()
    expect((await app.fetch(waiting!.url)).status).toBe(404)
    expect((await app.fetch(waiting!.url, { headers: { 'x-api-key': owner.apiKey } })).status).toBe(200)
    expect(await decide({ approve: [waiting!.id, 'img_none'] })).toEqual({ approved: [waiting!.id], rejected: [] })
    expect(await inAlbum()).toMatchObject([{ id: waiting!.id, visibility: 'unlisted' }])
    expect((await app.fetch((await inAlbum())[0]!.url)).status).toBe(200)
    expect(await held()).toEqual([])
    expect(await decide({ reject: [waiting!.id] })).toEqual({ approved: [], rejected: [] })
  })

  test('is gone for good when it is rejected, which a key that may not delete cannot do', async () => {
    const { slug } = await newDrop({ holds: true, visibility: 'public' })
    await send(slug)
    await send(slug)
    const [one, two] = await held()
    const body = { name: 'narrow', scopes: ['images:read' as const, 'images:write' as const] }
    const narrow = app.client((await owner.client.keys.create({ body })).key)
    const reject = { params: { album }, body: { reject: [one!.id] } }
    await expect(narrow.albums.decide(reject)).rejects.toMatchObject({ code: 'insufficient_scope' })
    expect(await decide({ reject: [one!.id], approve: [two!.id] })).toEqual({
      approved: [two!.id],
      rejected: [one!.id],
    })
    expect((await owner.client.images.list()).items).toMatchObject([{ id: two!.id, visibility: 'public' }])
    expect((await owner.client.images.usage()).images).toBe(1)
  })

  test('that its owner has deleted waits no longer', async () => {
    const { slug } = await newDrop({ holds: true })
    await send(slug)
    const [waiting] = await held()
    await owner.client.images.delete({ params: { id: waiting!.id } })
    expect(await held()).toEqual([])
    expect(await app.metadata.albumImages.listHeld(album)).toEqual([])
  })

  test('is for the owner of the album to decide, not for who may edit it', async () => {
    const friend = await app.user()
    const { username } = await friend.client.accounts.me()
    await owner.client.grants.put({ params: { album, username }, body: { role: 'edit' } })
    for (const call of [
      () => friend.client.albums.held({ params: { album } }),
      () => friend.client.albums.decide({ params: { album }, body: {} }),
      () => friend.client.drops.list({ params: { album } }),
      () => friend.client.drops.create({ params: { album }, body: {} }),
    ])
      await expect(call()).rejects.toMatchObject({ code: 'forbidden' })
  })
})

test('a guest does not learn what the owner has', async () => {
  const same = await picture()
  await uploadPicture(app, owner, Buffer.from(same))
  const { slug } = await newDrop()
  const twin = await post(slug, { headers: { 'content-type': 'image/png' }, body: same })
  expect(twin.status).toBe(201)
  expect((await owner.client.images.usage()).images).toBe(2)
  for (let turn = 0; turn < 18; turn++) expect((await send(slug)).status).toBe(201)
  const full = await send(slug)
  expect(full).toMatchObject({ status: 413, body: { error: { code: 'quota_exceeded' } } })
  expect(full.body.error).not.toHaveProperty('details')
  // It has cost the link nothing.
  expect((await owner.client.drops.list({ params: { album } })).items).toMatchObject([{ files: 19 }])
})

test('a link of an account that is disabled, or of an album that is gone, leads nowhere', async () => {
  const { slug } = await newDrop()
  await app.metadata.accounts.change(owner.uid, { disabledAt: 1 })
  expect((await send(slug)).status).toBe(404)
  await app.metadata.accounts.change(owner.uid, { disabledAt: null })
  expect((await send(slug)).status).toBe(201)
  await owner.client.albums.delete({ params: { album } })
  expect((await send(slug)).status).toBe(404)
  expect((await owner.client.images.list()).items).toHaveLength(1)
})

test('what a server that died has counted and not kept is given back by the sweeper', async () => {
  const { slug } = await newDrop({ max_files: 1 })
  const place = { albumId: album, drop: { slug, ticket: 't' } }
  await app.metadata.drops.take(slug, { ticket: 't', bytes: 5, now: app.now() / 1000 })
  const now = app.now() / 1000
  const key = `uploads/${owner.uid}/img_died/a.png`
  const names = { filename: 'a.png', originalFilename: 'a.png', mime: 'image/png', key }
  const times = { createdAt: now, expiresAt: now + 3_600 }
  const draft = {
    id: 'img_died',
    ownerUid: owner.uid,
    ...names,
    ...times,
    visibility: 'unlisted',
    staged: false,
  } as const
  await app.metadata.uploads.create({ ...draft, place }, { maxDrafts: 9, reserveBytes: 5 })
  await app.metadata.albumImages.add(album, [draft.id], { max: 9, maxAlbums: 9 })
  expect((await send(slug)).status).toBe(409)
  app.pass(7_200)
  await app.sweeper.sweep()
  expect((await send(slug)).status).toBe(201)
  expect((await owner.client.albums.get({ params: { album } })).image_count).toBe(1)
})

test('links are for their owner to change; for others they are not there', async () => {
  const { slug } = await newDrop()
  const stranger = await app.user()
  for (const call of [
    () => stranger.client.drops.update({ params: { slug }, body: { name: 'x' } }),
    () => stranger.client.drops.delete({ params: { slug } }),
    () => owner.client.drops.delete({ params: { slug: '0000000000000000' } }),
  ])
    await expect(call()).rejects.toMatchObject({ code: 'not_found' })
  const past = { expires_at: app.now() / 1000 }
  await expect(newDrop(past)).rejects.toMatchObject({ code: 'validation', details: { field: 'body.expires_at' } })
})

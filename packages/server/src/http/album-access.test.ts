import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AlbumPeople, peopleOfAlbum } from '../testing/people-of-album.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

/**
 * Who may do what in an album of which visibility: the whole table, each cell by a request. In the album are a private, an
 * unlisted and a hidden image of its owner; `images` counts those that are shown, `bytes` is about the private one.
 */
const columns = [
  'get',
  'images',
  'bytes',
  'info',
  'variant',
  'zip',
  'add',
  'takeOut',
  'move',
  'update',
  'grants',
  'delete',
]
const table = {
  private: {
    owner: [200, 3, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200],
    editor: [200, 2, 200, 200, 200, 200, 200, 200, 200, 200, 403, 403],
    adder: [200, 2, 200, 200, 200, 200, 200, 403, 403, 403, 403, 403],
    viewer: [200, 2, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403],
    stranger: [404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404, 404],
    nobody: [404, 404, 404, 404, 404, 404, 401, 401, 401, 401, 401, 401],
  },
  unlisted: {
    owner: [200, 3, 200, 200, 200, 200, 200, 200, 200, 200, 200, 200],
    editor: [200, 2, 200, 200, 200, 200, 200, 200, 200, 200, 403, 403],
    adder: [200, 2, 200, 200, 200, 200, 200, 403, 403, 403, 403, 403],
    viewer: [200, 2, 200, 200, 200, 200, 403, 403, 403, 403, 403, 403],
    stranger: [200, 1, 404, 404, 404, 200, 403, 403, 403, 403, 403, 403],
    nobody: [200, 1, 404, 404, 404, 200, 401, 401, 401, 401, 401, 401],
  },
} as const

type Role = keyof (typeof table)['private']

let app: TestApp
beforeAll(async () => {
  app = await startTestApp({ RATE_EXPORT: '0' })
})
afterAll(() => app.stop())

interface Scene {
  people: AlbumPeople
  images: Record<'closed' | 'open' | 'hidden', string>
}

async function scene(visibility: 'private' | 'unlisted'): Promise<Scene> {
  const people = await peopleOfAlbum(app, visibility)
  const { owner, album } = people
  const upload = async (seed: number, options: object) =>
    (await uploadPicture(app, owner, await pictures.png({ seed }), { album, ...options })).id
  const images = {
    closed: await upload(1, { visibility: 'private' }),
    open: await upload(2, {}),
    hidden: await upload(3, {}),
  }
  await app.metadata.images.update(images.hidden, { hiddenAt: app.now() / 1000 })
  return { people, images }
}

async function send(user: TestUser | undefined, method: string, path: string, body?: object): Promise<Response> {
  return app.fetch(`http://images.test${path}`, {
    method,
    headers: { ...(user && { 'x-api-key': user.apiKey }), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  })
}

const status = async (answer: Promise<Response>) => (await answer).status

const actions: Record<string, (scene: Scene, user: TestUser | undefined) => Promise<number>> = {
  get: ({ people: { album } }, user) => status(send(user, 'GET', `/api/v1/album/${album}`)),
  images: async ({ people: { album } }, user) => {
    const answer = await send(user, 'GET', `/api/v1/album/${album}/images`)
    return answer.ok ? (await answer.json()).items.length : answer.status
  },
  bytes: ({ images }, user) => status(send(user, 'GET', `/i/${images.closed}`)),
  info: ({ images }, user) => status(send(user, 'GET', `/api/v1/image/${images.closed}/info`)),
  variant: ({ images }, user) => status(send(user, 'GET', `/i/${images.closed}?preset=thumb`)),
  zip: ({ people: { album } }, user) => status(send(user, 'GET', `/api/v1/album/${album}/zip`)),
  add: async ({ people: { album } }, user) => {
    const own = user && (await uploadPicture(app, user, await pictures.png({ seed: 9 }))).id
    return status(send(user, 'POST', `/api/v1/album/${album}/images`, { add: [own ?? 'img_none'] }))
  },
  takeOut: ({ people: { album }, images }, user) =>
    status(send(user, 'POST', `/api/v1/album/${album}/images`, { remove: [images.open] })),
  move: ({ people: { album }, images }, user) =>
    status(send(user, 'POST', `/api/v1/album/${album}/images`, { move: { id: images.closed, after: null } })),
  update: ({ people: { album } }, user) => status(send(user, 'PATCH', `/api/v1/album/${album}`, { name: 'New' })),
  grants: ({ people: { album } }, user) => status(send(user, 'GET', `/api/v1/album/${album}/grants`)),
  delete: ({ people: { album } }, user) => status(send(user, 'DELETE', `/api/v1/album/${album}`)),
}

const rows = Object.entries(table).flatMap(([visibility, roles]) =>
  Object.entries(roles).map(([role, expected]) => ({ visibility, role, expected })),
)

test.each(rows)('$visibility album · $role', async ({ visibility, role, expected }) => {
  const { people, images } = await scene(visibility as keyof typeof table)
  const user = role === 'nobody' ? undefined : people[role as Exclude<Role, 'nobody'>]
  const found: Record<string, number> = {}
  for (const column of columns) found[column] = await actions[column]!({ people, images }, user)
  expect(found).toEqual(Object.fromEntries(columns.map((column, at) => [column, expected[at]])))
})

test('only the owner of an album changes who may see it', async () => {
  const { editor, owner, album } = await peopleOfAlbum(app)
  const change = (user: TestUser) => user.client.albums.update({ params: { album }, body: { visibility: 'public' } })
  await expect(change(editor)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(change(owner)).resolves.toMatchObject({ visibility: 'public' })
})

test('nobody puts an image of somebody else into an album, however well they see it', async () => {
  const { people, images } = await scene('private')
  const { id: album } = await people.editor.client.albums.create({ body: { name: 'Mine' } })
  const add = (id: string) => people.editor.client.albums.change({ params: { album }, body: { add: [id] } })
  await expect(add(images.open)).rejects.toMatchObject({ code: 'forbidden' })
  await expect(add(images.closed)).rejects.toMatchObject({ code: 'not_found' })
  const members = { params: { album: people.album }, body: { add: [images.open] } }
  await expect(people.editor.client.albums.change(members)).rejects.toMatchObject({ code: 'forbidden' })
})

test('who has put an image in may take it out, also after the grant has ended', async () => {
  const { owner, adder, album } = await peopleOfAlbum(app)
  const image = await uploadPicture(app, adder, await pictures.png({ seed: 4 }), { album, visibility: 'private' })
  expect((await owner.client.albums.images({ params: { album } })).items.map(({ id }) => id)).toEqual([image.id])
  expect(await status(send(owner, 'GET', `/i/${image.id}`))).toBe(200)
  const { username } = await adder.client.accounts.me()
  await owner.client.grants.delete({ params: { album, username } })
  await expect(adder.client.albums.get({ params: { album } })).rejects.toMatchObject({ code: 'not_found' })
  await adder.client.albums.change({ params: { album }, body: { remove: [image.id] } })
  expect((await owner.client.albums.images({ params: { album } })).items).toEqual([])
  expect(await status(send(owner, 'GET', `/i/${image.id}`))).toBe(404)
})

test('what is in the trash or expired is in the album for nobody, and what is restored is back in its place', async () => {
  const { owner, viewer, album } = await peopleOfAlbum(app)
  const ids: string[] = []
  for (const [seed, options] of [{}, { expires_in: 60 }, {}].entries())
    ids.push((await uploadPicture(app, owner, await pictures.png({ seed }), { album, ...options })).id)
  const seen = async (user: TestUser) =>
    (await user.client.albums.images({ params: { album } })).items.map(({ id }) => ids.indexOf(id))
  expect(await seen(viewer)).toEqual([0, 1, 2])
  await app.metadata.trash.put(ids[0]!, app.now() / 1000, `uploads/${owner.uid}/${ids[0]}/elsewhere/a.png`)
  app.pass(61)
  for (const user of [owner, viewer]) expect(await seen(user)).toEqual([2])
  await app.metadata.trash.restore(ids[0]!)
  expect(await seen(owner)).toEqual([0, 2])
})

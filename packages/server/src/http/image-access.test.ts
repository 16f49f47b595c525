import type { Image } from '@imagehost/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newAdministrator } from '../testing/new-administrator.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

/** Who may do what to an image of which visibility: the whole table, each cell by a request. */
const table = {
  //         info bytes redirect update delete
  public: {
    owner: [200, 200, 302, 200, 200],
    stranger: [200, 200, 302, 403, 403],
    nobody: [200, 200, 302, 401, 401],
    administrator: [200, 200, 302, 403, 403],
  },
  unlisted: {
    owner: [200, 200, 302, 200, 200],
    stranger: [200, 200, 302, 403, 403],
    nobody: [200, 200, 302, 401, 401],
    administrator: [200, 200, 302, 403, 403],
  },
  private: {
    owner: [200, 200, 302, 200, 200],
    stranger: [404, 404, 404, 404, 404],
    nobody: [404, 404, 404, 401, 401],
    administrator: [404, 404, 404, 404, 404],
  },
  'public, hidden': {
    owner: [200, 200, 302, 200, 200],
    stranger: [404, 404, 404, 404, 404],
    nobody: [404, 404, 404, 401, 401],
    administrator: [200, 200, 302, 403, 403],
  },
  'unlisted, hidden': {
    owner: [200, 200, 302, 200, 200],
    stranger: [404, 404, 404, 404, 404],
    nobody: [404, 404, 404, 401, 401],
    administrator: [200, 200, 302, 403, 403],
  },
  'private, hidden': {
    owner: [200, 200, 302, 200, 200],
    stranger: [404, 404, 404, 404, 404],
    nobody: [404, 404, 404, 401, 401],
    administrator: [404, 404, 404, 404, 404],
  },
} as const

let app: TestApp
let owner: TestUser
let stranger: TestUser
let administrator: TestUser
beforeAll(async () => {
  app = await startTestApp()
  owner = await app.user()
  stranger = await app.user()
  administrator = await newAdministrator(app)
})
afterAll(() => app.stop())

const actions = {
  info: (id: string) => ['GET', `/api/v1/image/${id}/info`],
  bytes: (id: string) => ['GET', `/i/${id}`],
  redirect: (id: string) => ['GET', `/api/v1/image/${id}`],
  update: (id: string) => ['PATCH', `/api/v1/image/${id}`],
  delete: (id: string) => ['DELETE', `/api/v1/image/${id}`],
} as const

const cells = Object.entries(table).flatMap(([visibility, roles]) =>
  Object.entries(roles).flatMap(([role, statuses]) =>
    Object.keys(actions).map((action, at) => ({ visibility, role, action, status: statuses[at]! })),
  ),
)

test.each(cells)('$visibility · $role · $action: $status', async ({ visibility: state, role, action, status }) => {
  const bytes = await pictures.png({ seed: 1 })
  const [visibility, hidden] = state.split(', ')
  const image = await uploadPicture(app, owner, bytes, {
    visibility: visibility as Image['visibility'],
    allow_duplicate: true,
  })
  if (hidden) await app.metadata.images.update(image.id, { hiddenAt: app.now() / 1000 })
  const [method, path] = actions[action as keyof typeof actions](image.id) as [string, string]
  const key = {
    owner: owner.apiKey,
    stranger: stranger.apiKey,
    nobody: undefined,
    administrator: administrator.apiKey,
  }[role]
  const response = await app.fetch(`http://images.test${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(key && { 'x-api-key': key }), ...(method === 'PATCH' && { 'content-type': 'application/json' }) },
    ...(method === 'PATCH' && { body: '{"title":"x"}' }),
  })
  expect(response.status).toBe(status)
})

test('an image that becomes private is gone for others at once on this server, and says so to its owner', async () => {
  const image = await uploadPicture(app, owner, await pictures.png({ seed: 2 }))
  expect((await app.fetch(image.url)).status).toBe(200)
  const hidden = await owner.client.images.update({ params: { id: image.id }, body: { visibility: 'private' } })
  expect({ visibility: hidden.visibility, private: hidden.private }).toEqual({ visibility: 'private', private: 1 })
  expect((await app.fetch(image.url)).status).toBe(404)
  expect((await app.fetch(image.url, { headers: { 'x-api-key': owner.apiKey } })).headers.get('cache-control')).toBe(
    'private, no-store',
  )
})

test('a new name keeps the extension of what the bytes are, and the bytes stay where they are', async () => {
  const image = await uploadPicture(app, owner, await pictures.png({ seed: 3 }), { title: 'Old' })
  const renamed = await owner.client.images.update({
    params: { id: image.id },
    body: { filename: '../Größe.JPG', title: '' },
  })
  expect(renamed).toMatchObject({ filename: 'gro-e.png', original_filename: 'Größe.png', key: image.key })
  expect(renamed).not.toHaveProperty('title')
  expect((await app.fetch(image.url)).status).toBe(200)
})

test('when and with what a picture was taken is for its owner only', async () => {
  const image = await uploadPicture(app, owner, await pictures.jpegWithGps({ seed: 4 }))
  const seenBy = (user: TestUser) => user.client.images.info({ params: { id: image.id } })
  expect(await seenBy(owner)).toMatchObject({
    camera: 'Acme Cam 7',
    taken_at: expect.any(Number),
    source_sha256: expect.any(String),
  })
  for (const fact of ['camera', 'taken_at', 'source_sha256']) expect(await seenBy(stranger)).not.toHaveProperty(fact)
})

import { AppError, api, type Route } from '@imagehost/contract'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newAdministrator } from '../testing/new-administrator.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

/** What every row of the contract must hold, generated from the table: no key · a key without the scope · somebody else's · malformed. */
let app: TestApp
let owner: TestUser
let stranger: TestUser
let privateImage: string
let unlistedImage: string
let privateAlbum: string
let unlistedAlbum: string

beforeAll(async () => {
  // More is asked here at once than anybody may ask: it is about what lies behind the limit.
  app = await startTestApp({ RATE_LOGIN_NAME: '0', RATE_REPORT: '0' })
  // May do all that a scope allows, so that what is malformed is refused as such.
  owner = await newAdministrator(app)
  stranger = await app.user()
  privateImage = (await uploadPicture(app, owner, await pictures.png(), { visibility: 'private' })).id
  unlistedImage = (await uploadPicture(app, owner, await pictures.png({ seed: 2 }))).id
  privateAlbum = (await owner.client.albums.create({ body: { name: 'Mine' } })).id
  unlistedAlbum = (await owner.client.albums.create({ body: { name: 'Ours', visibility: 'unlisted' } })).id
})
afterAll(() => app.stop())

const routes = Object.entries(api).flatMap(([noun, table]) =>
  Object.entries<Route>(table).map(([name, route]) => ({ title: `${noun}.${name}`, route })),
)
const guarded = routes.filter(({ route }) => route.scope !== 'none' && route.scope !== 'optional')
const ofOneAlbum = routes.filter(({ route }) => route.path.includes('/:album'))
const ofOneImage = routes.filter(({ route }) => /:(id|file)\b/.test(route.path))

async function send(route: Route, { key, id = 'img_none', body }: { key?: string; id?: string; body?: string }) {
  const response = await app.fetch(`http://images.test${route.path.replace(/:\w+/, id)}`, {
    method: route.method,
    headers: {
      ...(key !== undefined && { 'x-api-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  })
  const text = await response.text()
  const code = text.startsWith('{') ? JSON.parse(text).error?.code : undefined
  return { status: response.status, code, text }
}

describe('without a key', () => {
  test.each(guarded)('$title answers 401, also to a key that is none', async ({ route }) => {
    expect(await send(route, {})).toMatchObject({ status: 401, code: 'auth' })
    expect(await send(route, { key: 'ih_nonsense' })).toMatchObject({ status: 401, code: 'auth' })
    expect(await send(route, { key: `${owner.apiKey}x` })).toMatchObject({ status: 401, code: 'auth' })
  })
})

describe('with a key of somebody who is no administrator', () => {
  test.each(routes.filter(({ route }) => route.scope === 'admin'))('$title answers 403', async ({ route }) => {
    expect(await send(route, { key: stranger.apiKey, ...emptyBody(route) })).toMatchObject({
      status: 403,
      code: 'insufficient_scope',
    })
  })
})

describe('a private image of somebody else', () => {
  test.each(ofOneImage)('$title answers as if it did not exist', async ({ route }) => {
    const hidden = await send(route, { key: stranger.apiKey, id: privateImage, ...emptyBody(route) })
    const missing = await send(route, { key: stranger.apiKey, id: 'img_0000000000000000', ...emptyBody(route) })
    expect(hidden).toMatchObject({ status: 404, code: 'not_found' })
    expect(withoutRequestId(hidden.text)).toBe(withoutRequestId(missing.text))
  })
})

describe('an unlisted image of somebody else', () => {
  const changes = ofOneImage.filter(({ route }) => route.method !== 'GET' && route.scope !== 'none')
  // What is restored lies in the trash, where nobody else sees it.
  test.each(changes.filter(({ title }) => title !== 'trash.restore'))('$title is forbidden', async ({ route }) =>
    expect(await send(route, { key: stranger.apiKey, id: unlistedImage, ...emptyBody(route) })).toMatchObject({
      status: 403,
      code: 'forbidden',
    }),
  )
})

describe('a private album of somebody else', () => {
  test.each(ofOneAlbum)('$title answers as if it did not exist', async ({ route }) => {
    const hidden = await send(route, { key: stranger.apiKey, id: privateAlbum, ...fittingBody(route) })
    const missing = await send(route, { key: stranger.apiKey, id: 'alb_0000000000000000', ...fittingBody(route) })
    expect(hidden).toMatchObject({ status: 404, code: 'not_found' })
    expect(withoutRequestId(hidden.text)).toBe(withoutRequestId(missing.text))
  })
})

describe('an unlisted album of somebody else', () => {
  test.each(ofOneAlbum.filter(({ route }) => route.scope !== 'optional'))('$title is forbidden', async ({ route }) =>
    expect(await send(route, { key: stranger.apiKey, id: unlistedAlbum, ...fittingBody(route) })).toMatchObject({
      status: 403,
      code: 'forbidden',
    }),
  )
})

describe('malformed', () => {
  test.each([...ofOneImage, ...ofOneAlbum])(
    '$title refuses ids that could mean something to a storage',
    async ({ route }) => {
      for (const id of ['%7Bx%7D', 'a%3Ab', '%2e%2e%2fpasswd', '%00', 'a'.repeat(80), '%F0%9F%92%A9']) {
        const { status, code } = await send(route, { key: owner.apiKey, id })
        expect({ id, status, code }).toEqual({ id, status: 400, code: 'validation' })
      }
    },
  )

  const withBody = routes.filter(({ route }) => route.body)
  test.each(withBody)('$title refuses what is no JSON, no object, or has the wrong types', async ({ route }) => {
    const { properties } = route.body as unknown as { properties: Record<string, { type?: string }> }
    const wrongTypes = Object.entries(properties).map(([name, { type }]) => [name, type === 'object' ? 1 : {}])
    const bodies = [
      '{',
      '[]',
      '1',
      '"x"',
      'null',
      '',
      '{"__proto__":{}}',
      '['.repeat(100),
      JSON.stringify(Object.fromEntries(wrongTypes)),
    ]
    for (const body of bodies) {
      const { status, code } = await send(route, { key: owner.apiKey, body })
      expect({ body, status, code }).toEqual({ body, status: 400, code: 'validation' })
    }
  })

  const withQuery = routes.filter(({ route }) => route.query)
  test.each(withQuery)('$title names the query parameter that is wrong', async ({ route }) => {
    const typed = Object.entries(
      (route.query as unknown as { properties: Record<string, { type?: string; pattern?: string }> }).properties,
    )
    for (const [name, { type, pattern }] of typed) {
      const values =
        type === 'integer' ? ['x', '1.5', '1e2', '-1', '٣', '', '99999999999999999999'] : pattern ? ['{}'] : []
      for (const value of [...values, ['a', 'b']].flat(0)) {
        const query = Array.isArray(value)
          ? value.map((one) => `${name}=${one}`).join('&')
          : `${name}=${encodeURIComponent(value)}`
        const { status, code, text } = await send({ ...route, path: `${route.path}?${query}` } as Route, {
          key: owner.apiKey,
          id: unlistedImage,
        })
        expect({ query, status, code }).toEqual({ query, status: 400, code: 'validation' })
        expect(JSON.parse(text).error.details.field).toBe(`query.${name}`)
      }
    }
  })
})

test('the SDK throws the same error as the server', async () => {
  const failure = await app
    .client()
    .images.list()
    .catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AppError)
  expect(failure).toMatchObject({ code: 'auth', status: 401 })
})

const emptyBody = (route: Route): { body?: string } => (route.body ? { body: '{}' } : {})

/** With the one field that a body can't do without. */
const fittingBody = (route: Route) => (route.method === 'PUT' ? { body: '{"role":"view"}' } : emptyBody(route))

const withoutRequestId = (text: string): string => text.replace(/"request_id":"[^"]*"/, '')

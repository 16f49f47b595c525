import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askAsPage, cookieOf, sameOrigin } from '../testing/ask-as-page.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

/** As browsers do it: a cookie, and headers that say which site a request comes from. */
let app: TestApp
const credentials = { username: 'alice', password: 'correct horse battery' }

beforeAll(async () => {
  app = await startTestApp()
  await app.client().accounts.register({ body: credentials })
})
afterAll(() => app.stop())

const ask = (method: string, path: string, request?: Parameters<typeof askAsPage>[3]) =>
  askAsPage(app, method, path, request)

async function logIn(cookie?: string): Promise<string> {
  return cookieOf(await ask('POST', '/session', { body: credentials, ...(cookie && { cookie }) }))
}

describe('logging in', () => {
  test('sets a cookie that scripts cannot read, and gives no key', async () => {
    const { status, body, set } = await ask('POST', '/session', { body: credentials })
    expect({ status, username: body.username }).toEqual({ status: 200, username: 'alice' })
    expect(set).toMatch(/^imagehost=ih_\w+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+$/)
    expect(JSON.stringify(body)).not.toContain('ih_')
  })

  test('over https the cookie is for this host alone', async () => {
    const secure = await startTestApp({ PUBLIC_URL: 'https://img.example.org' })
    await secure.client().accounts.register({ body: credentials })
    const answer = await secure.server.inject({
      method: 'POST',
      url: '/api/v1/session',
      headers: { origin: 'https://img.example.org' },
      payload: credentials,
    })
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-imagehost=ih_\w+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=\d+; Secure$/,
    )
    await secure.stop()
  })

  test('ends the session that the cookie named before', async () => {
    const planted = await logIn()
    const own = await logIn(planted)
    expect(own).not.toBe(planted)
    expect((await ask('GET', '/me', { cookie: planted })).status).toBe(401)
    expect((await ask('GET', '/me', { cookie: own })).status).toBe(200)
  })

  test('is refused with a wrong password, and sets nothing', async () => {
    const { status, set } = await ask('POST', '/session', { body: { ...credentials, password: 'wrong' } })
    expect({ status, set }).toEqual({ status: 401, set: null })
  })
})

describe('a session', () => {
  let cookie: string
  beforeEach(async () => {
    cookie = await logIn()
  })

  test('is no key, and a key is no session', async () => {
    const secret = cookie.split('=')[1]!
    expect((await ask('GET', '/me', { headers: { 'x-api-key': secret } })).status).toBe(401)
    const { api_key } = await app.client().accounts.login({ body: credentials })
    expect((await ask('GET', '/me', { cookie: `imagehost=${api_key}` })).status).toBe(401)
  })

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a neighbour on the same domain', { 'sec-fetch-site': 'same-site', origin: 'http://other.images.test' }],
    ['an old browser on another site', { origin: 'https://evil.example' }],
    ['a frame without an origin', { origin: 'null' }],
    ['nobody knows where', {}],
    ['an address that only begins like ours', { origin: 'http://images.test.evil.example' }],
  ])('changes nothing for %s', async (_, headers) => {
    for (const [method, path, body] of [
      ['PATCH', '/me', { preferences: {} }],
      ['DELETE', '/image/img_x'],
      ['POST', '/session', credentials],
    ] as const) {
      expect(await ask(method, path, { cookie, headers, ...(body && { body }) })).toMatchObject({
        status: 403,
        body: { error: { code: 'cross_origin' } },
      })
    }
  })

  test.each([
    ['sec-fetch-site', sameOrigin],
    ['origin', { origin: 'http://images.test' }],
  ])('changes things for our own page, told by %s', async (_, headers) =>
    expect((await ask('PATCH', '/me', { cookie, headers, body: { preferences: {} } })).status).toBe(200),
  )

  test('makes a key only soon after the password was given', async () => {
    const body = { name: 'ShareX', scopes: ['upload'] }
    expect((await ask('POST', '/me/keys', { cookie, body })).status).toBe(201)
    app.pass(601)
    expect((await ask('POST', '/me/keys', { cookie, body })).body.error.code).toBe('confirmation_needed')
    expect((await ask('POST', '/session/confirm', { cookie, body: { password: 'wrong' } })).body.error.code).toBe(
      'forbidden',
    )
    expect((await ask('POST', '/me/keys', { cookie, body })).body.error.code).toBe('confirmation_needed')
    expect((await ask('POST', '/session/confirm', { cookie, body: { password: credentials.password } })).status).toBe(
      200,
    )
    expect((await ask('POST', '/me/keys', { cookie, body })).status).toBe(201)
  })

  test('is listed and can be ended from another browser', async () => {
    const other = await logIn()
    const { items } = (await ask('GET', '/me/sessions', { cookie })).body
    expect(items.filter(({ current }: { current?: true }) => current)).toHaveLength(1)
    const [otherItem] = (await ask('GET', '/me/sessions', { cookie: other })).body.items.filter(
      ({ current }: { current?: true }) => current,
    )
    expect((await ask('DELETE', `/me/sessions/${otherItem.id}`, { cookie })).status).toBe(200)
    expect((await ask('GET', '/me', { cookie: other })).status).toBe(401)
    expect((await ask('DELETE', `/me/sessions/${otherItem.id}`, { cookie })).status).toBe(404)
  })

  test('ends with the browser that logs out', async () => {
    const { status, set } = await ask('DELETE', '/session', { cookie })
    expect(status).toBe(200)
    expect(set).toMatch(/^imagehost=; .*Max-Age=0/)
    expect((await ask('GET', '/me', { cookie })).status).toBe(401)
  })

  test('ends after a month without use', async () => {
    app.pass(29 * 24 * 3600)
    expect((await ask('GET', '/me', { cookie })).status).toBe(200)
    app.pass(29 * 24 * 3600)
    expect((await ask('GET', '/me', { cookie })).status).toBe(200)
    app.pass(31 * 24 * 3600)
    expect((await ask('GET', '/me', { cookie })).status).toBe(401)
  })

  test('does not appear among the keys', async () => {
    const { items } = (await ask('GET', '/me/keys', { cookie })).body
    expect(items.every(({ kind }: { kind: string }) => kind !== 'session')).toBe(true)
  })
})

import type { Client } from '@imagehost/client'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { askAsPage, cookieOf } from '../testing/ask-as-page.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

let app: TestApp
let username: string
let people = 0
const [password, next] = ['correct horse battery', 'another staple of horses']

beforeAll(async () => {
  // More is asked here at once than anybody may ask: it is about what lies behind the limit.
  app = await startTestApp({ RATE_LOGIN_NAME: '0' })
})
afterAll(() => app.stop())
beforeEach(async () => {
  username = `person-${++people}`
  await app.client().accounts.register({ body: { username, password } })
})

async function login(given = password): Promise<Client> {
  const { api_key } = await app.client().accounts.login({ body: { username, password: given } })
  return app.client(api_key)
}
const logInPage = async () => cookieOf(await askAsPage(app, 'POST', '/session', { body: { username, password } }))
const isIn = async (cookie: string) => (await askAsPage(app, 'GET', '/me', { cookie })).status === 200
const change = (client: Client, current = password, to = next) =>
  client.accounts.changePassword({ body: { current, new: to } })

describe('changing the password', () => {
  test('ends the old one and lets the new one in', async () => {
    await change(await login())
    await expect(login()).rejects.toMatchObject({ code: 'auth' })
    await expect(login(next)).resolves.toBeDefined()
  })

  test('by a session ends all other sessions and login keys at once; itself and keys made by hand stay', async () => {
    const [own, other, key] = [await logInPage(), await logInPage(), await login()]
    const made = await key.keys.create({ body: { name: 'ShareX', scopes: ['images:read'] } })
    for (const cookie of [own, other]) expect(await isIn(cookie)).toBe(true)
    const { status } = await askAsPage(app, 'POST', '/me/password', {
      cookie: own,
      body: { current: password, new: next },
    })
    expect(status).toBe(200)
    expect(await isIn(own)).toBe(true)
    expect(await isIn(other)).toBe(false)
    await expect(key.images.list()).rejects.toMatchObject({ code: 'auth' })
    await expect(app.client(made.key).images.list()).resolves.toBeDefined()
  })

  test('by a login key leaves that one, and no session', async () => {
    const [page, asking, other] = [await logInPage(), await login(), await login()]
    await change(asking)
    await expect(asking.images.list()).resolves.toBeDefined()
    await expect(other.images.list()).rejects.toMatchObject({ code: 'auth' })
    expect(await isIn(page)).toBe(false)
  })

  test('ends nothing of anybody else', async () => {
    const stranger = await app.user()
    await change(await login())
    await expect(stranger.client.images.list()).resolves.toBeDefined()
  })

  test.each([
    ['API', () => app.client().accounts.login({ body: { username, password } })],
    ['page', () => askAsPage(app, 'POST', '/session', { body: { username, password } })],
  ])('leaves nothing to a login by the old password that is under way, by the %s', async (_, logIn) => {
    const client = await login()
    const { tokens } = app.metadata
    const { create } = tokens
    tokens.create = async (...login) => {
      tokens.create = create
      await change(client)
      return create(...login)
    }
    expect(await logIn().catch((error: unknown) => error)).toMatchObject({ status: 401 })
    expect((await client.keys.list()).items).toHaveLength(1)
    expect((await client.sessions.list()).items).toEqual([])
  })

  test('needs the present password, and ends nothing without it', async () => {
    const [client, other] = [await login(), await login()]
    await expect(change(client, 'wrong')).rejects.toMatchObject({ code: 'forbidden' })
    await expect(other.images.list()).resolves.toBeDefined()
    await expect(login()).resolves.toBeDefined()
  })

  test('needs a session that was confirmed a moment ago', async () => {
    const cookie = await logInPage()
    app.pass(601)
    const { body } = await askAsPage(app, 'POST', '/me/password', { cookie, body: { current: password, new: next } })
    expect(body.error.code).toBe('confirmation_needed')
  })

  test.each([
    ['short', 'at least 8 characters'],
    ['password1', 'attackers'],
  ])('to %j is refused, and the rule is said', async (to, rule) => {
    const client = await login()
    await expect(change(client, password, to)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining(rule),
      details: { field: 'new' },
    })
    await expect(login()).resolves.toBeDefined()
  })

  test('of many at once one wins, and the others hear that they did not', async () => {
    const client = await login()
    const outcomes = await Promise.allSettled(
      Array.from({ length: 16 }, (_, n) => change(client, password, `${next} ${n}`)),
    )
    const winners = outcomes.flatMap(({ status }, n) => (status === 'fulfilled' ? [n] : []))
    expect(winners).toHaveLength(1)
    await expect(login(`${next} ${winners[0]}`)).resolves.toBeDefined()
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'forbidden' })
    }
  })
})

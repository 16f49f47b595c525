import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { askAsPage, cookieOf } from '../testing/ask-as-page.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { type Authenticator, turnOnTwoFactor } from '../testing/two-factor.ts'

/** Two-factor of a browser that has logged in by a cookie. */
let app: TestApp
let username: string
let authenticator: Authenticator
let people = 0
const password = 'correct horse battery'

beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())
beforeEach(async () => {
  username = `person-${++people}`
  await app.client().accounts.register({ body: { username, password } })
  authenticator = await turnOnTwoFactor(app, { username, password })
})

const logIn = (otp?: string) => askAsPage(app, 'POST', '/session', { body: { username, password, otp } })

test('a session begins with a code, and sets no cookie without one', async () => {
  const { body, set } = await logIn()
  expect({ code: body.error.code, set }).toEqual({ code: 'otp_required', set: null })
  expect((await logIn('000 000')).body.error.code).toBe('auth')
  const cookie = cookieOf(await logIn(authenticator.code()))
  expect((await askAsPage(app, 'GET', '/me', { cookie })).status).toBe(200)
  expect((await logIn(authenticator.code())).body.error.code).toBe('auth')
})

test('a session is confirmed by a code as well, once, and not by a wrong one', async () => {
  const cookie = cookieOf(await logIn(authenticator.code()))
  const makeKey = () => askAsPage(app, 'POST', '/me/keys', { cookie, body: { name: 'x', scopes: ['upload'] } })
  const confirm = (body: object) => askAsPage(app, 'POST', '/session/confirm', { cookie, body })
  app.pass(601)
  expect((await makeKey()).body.error.code).toBe('confirmation_needed')
  expect((await confirm({})).body.error.code).toBe('validation')
  expect((await confirm({ otp: '000000' })).body.error.code).toBe('forbidden')
  expect((await confirm({ password: 'wrong', otp: authenticator.code() })).body.error.code).toBe('forbidden')
  expect((await makeKey()).body.error.code).toBe('confirmation_needed')
  expect((await confirm({ otp: authenticator.code() })).status).toBe(200)
  expect((await confirm({ otp: authenticator.code() })).body.error.code).toBe('forbidden')
  expect((await makeKey()).status).toBe(201)
})

test('a session that was confirmed turns it off and on again without the password', async () => {
  const cookie = cookieOf(await logIn(authenticator.recoveryCodes[0]))
  app.pass(601)
  expect((await askAsPage(app, 'DELETE', '/me/otp', { cookie })).body.error.code).toBe('confirmation_needed')
  expect((await askAsPage(app, 'POST', '/me/otp', { cookie })).body.error.code).toBe('confirmation_needed')
  await askAsPage(app, 'POST', '/session/confirm', { cookie, body: { otp: authenticator.code() } })
  expect((await askAsPage(app, 'DELETE', '/me/otp', { cookie })).body).toEqual({ status: 'deleted' })
  expect((await logIn()).status).toBe(200)
  expect((await askAsPage(app, 'POST', '/me/otp', { cookie })).body).toMatchObject({ secret: expect.any(String) })
})

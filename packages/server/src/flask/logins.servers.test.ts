import { afterAll, beforeAll, expect, test } from 'vitest'
import vectors from '../testing/fixtures/flask-vectors.json' with { type: 'json' }
import { type FlaskDeployment, flaskKey, startFlaskDeployment } from '../testing/flask-deployment.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { turnOnTwoFactor } from '../testing/two-factor.ts'

/** Two-factor and password changes of accounts that were made by the Flask project. */
let flask: FlaskDeployment
let app: TestApp
beforeAll(async () => {
  flask = await startFlaskDeployment()
  // One of them logs in more often at once than the limit lets anybody.
  app = await startTestApp({ ...flask.env, RATE_LOGIN_NAME: '0' })
})
afterAll(async () => {
  await app?.stop()
  await flask?.stop()
})

const { hash, password } = vectors.password_hashes[1]!
let accounts = 0

async function addAccount(username: string) {
  const uid = `u_${String(++accounts).padStart(8, '0')}`
  await flask.addAccount(uid, { username, password_hash: hash })
  const login = (otp?: string, given = password) =>
    app.client().accounts.login({ body: { username, password: given, ...(otp !== undefined && { otp }) } })
  return { uid, login, theirs: app.client(flaskKey(uid)) }
}

test('two-factor is the same for them; their keys go on without codes', async () => {
  const { uid, login, theirs } = await addAccount('Ann: the 1st')
  const { code, recoveryCodes } = await turnOnTwoFactor(app, { username: 'Ann: the 1st', password })
  await expect(login()).rejects.toMatchObject({ code: 'otp_required' })
  await expect(login(code())).resolves.toBeDefined()
  await expect(login(recoveryCodes[0])).resolves.toBeDefined()
  await expect(theirs.images.list()).resolves.toEqual({ items: [] })
  expect(await flask.redis.hGet(`user:${uid}`, 'username')).toBe('Ann: the 1st')
})

test('their key alone turns nothing on or off', async () => {
  const { theirs } = await addAccount('bob')
  await expect(theirs.twoFactor.begin({ body: {} })).rejects.toMatchObject({ code: 'validation' })
  await expect(theirs.twoFactor.delete({ body: {} })).rejects.toMatchObject({ code: 'validation' })
})

test('a password change ends their keys, also the one that asks', async () => {
  const { login, theirs } = await addAccount('carol')
  await expect(theirs.images.list()).resolves.toBeDefined()
  await theirs.accounts.changePassword({ body: { current: password, new: 'a long one of ours' } })
  await expect(theirs.images.list()).rejects.toMatchObject({ code: 'auth' })
  await expect(login()).rejects.toMatchObject({ code: 'auth' })
  await expect(login(undefined, 'a long one of ours')).resolves.toBeDefined()
})

test('of many first logins at once, each of which renews the old hash, all come in', async () => {
  const { uid, login } = await addAccount('dave')
  const keys = await Promise.all(Array.from({ length: 16 }, () => login()))
  for (const { api_key } of keys) await expect(app.client(api_key).images.list()).resolves.toBeDefined()
  expect(await flask.redis.hGet(`user:${uid}`, 'password_hash')).toMatch(/^\$argon2id\$/)
})

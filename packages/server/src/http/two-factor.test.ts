import type { Client } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { type Authenticator, proposeTwoFactor, turnOnTwoFactor } from '../testing/two-factor.ts'

let app: TestApp
beforeAll(async () => {
  // More is asked here at once than anybody may ask: it is about what lies behind the limit.
  app = await startTestApp({ RATE_LOGIN_NAME: '0' })
})
afterAll(() => app.stop())

const password = 'correct horse battery'
let people = 0

interface Person {
  username: string
  client: Client
  login(otp?: string, given?: string): Promise<{ api_key: string }>
}

async function register(): Promise<Person> {
  const username = `person-${++people}`
  const { api_key } = await app.client().accounts.register({ body: { username, password } })
  return {
    username,
    client: app.client(api_key),
    login: (otp, given = password) =>
      app.client().accounts.login({ body: { username, password: given, ...(otp !== undefined && { otp }) } }),
  }
}

async function registerWithTwoFactor(): Promise<Person & Authenticator> {
  const person = await register()
  return { ...person, ...(await turnOnTwoFactor(app, { ...person, password })) }
}

/** How many of many calls at once come through; the others must be refused with this code. */
async function admitted(call: () => Promise<unknown>, code: string): Promise<number> {
  const outcomes = await Promise.allSettled(Array.from({ length: 16 }, call))
  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  for (const { reason } of refused) expect(reason).toMatchObject({ code })
  return outcomes.length - refused.length
}

describe('setting it up', () => {
  test('gives a secret of 160 bits, and the same in an address for the app', async () => {
    const { client, username } = await register()
    const { secret, uri } = await client.twoFactor.begin({ body: { password } })
    expect(secret).toMatch(/^[A-Z2-7]{32}$/)
    expect(uri).toMatch(
      new RegExp(`^otpauth://totp/images\\.test:${username}\\?secret=${secret}&issuer=images\\.test&`),
    )
  })

  test('changes nothing before a right code is confirmed', async () => {
    const { client, login } = await register()
    const code = await proposeTwoFactor(app, client, password)
    await expect(client.twoFactor.confirm({ body: { otp: code(-2) } })).rejects.toMatchObject({ code: 'forbidden' })
    expect(await client.twoFactor.get()).toEqual({ enabled: false })
    await expect(login()).resolves.toBeDefined()
    const { recovery_codes } = await client.twoFactor.confirm({ body: { otp: code() } })
    expect(recovery_codes).toHaveLength(10)
    expect(await client.twoFactor.get()).toEqual({ enabled: true, recovery_codes_left: 10 })
    await expect(login()).rejects.toMatchObject({ code: 'otp_required', status: 401 })
  })

  test('can be begun anew, which ends the secret before', async () => {
    const { client } = await register()
    const former = await proposeTwoFactor(app, client, password)
    const latter = await proposeTwoFactor(app, client, password)
    await expect(client.twoFactor.confirm({ body: { otp: former() } })).rejects.toMatchObject({ code: 'forbidden' })
    await expect(client.twoFactor.confirm({ body: { otp: latter() } })).resolves.toBeDefined()
  })

  test('has an order, and an end', async () => {
    const { client } = await register()
    await expect(client.twoFactor.confirm({ body: { otp: '123456' } })).rejects.toMatchObject({ code: 'conflict' })
    await expect(client.twoFactor.delete({ body: { password } })).rejects.toMatchObject({ code: 'not_found' })
    const code = await proposeTwoFactor(app, client, password)
    await client.twoFactor.confirm({ body: { otp: code() } })
    await expect(client.twoFactor.begin({ body: { password } })).rejects.toMatchObject({ code: 'conflict' })
    await expect(client.twoFactor.confirm({ body: { otp: code() } })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('of many confirmations at once one gets recovery codes', async () => {
    const { client } = await register()
    const code = await proposeTwoFactor(app, client, password)
    expect(await admitted(() => client.twoFactor.confirm({ body: { otp: code() } }), 'conflict')).toBe(1)
  })

  test('and turning it off need more than a key', async () => {
    const { client, login } = await registerWithTwoFactor()
    for (const change of [client.twoFactor.begin, client.twoFactor.delete]) {
      await expect(change({ body: {} })).rejects.toMatchObject({
        code: 'validation',
        details: { field: 'body.password' },
      })
      await expect(change({ body: { password: 'wrong' } })).rejects.toMatchObject({ code: 'forbidden' })
    }
    await expect(login()).rejects.toMatchObject({ code: 'otp_required' })
    await client.twoFactor.delete({ body: { password } })
    await expect(login()).resolves.toBeDefined()
    expect(await client.twoFactor.get()).toEqual({ enabled: false })
  })

  test('is nothing for who has no password', async () => {
    const { client } = await app.user()
    await expect(client.twoFactor.begin({ body: { password } })).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('a login with two-factor', () => {
  test('needs the code besides; keys need none', async () => {
    const { client, login, code } = await registerWithTwoFactor()
    await expect(client.images.list()).resolves.toBeDefined()
    await expect(login()).rejects.toMatchObject({ code: 'otp_required' })
    const { api_key } = await login(code())
    await expect(app.client(api_key).images.list()).resolves.toBeDefined()
  })

  test('takes a code that is one step off, typed with a space; none that is further off', async () => {
    const { login, code } = await registerWithTwoFactor()
    app.pass(60)
    await expect(login(code(-2))).rejects.toMatchObject({ code: 'auth' })
    await expect(login(code(2))).rejects.toMatchObject({ code: 'auth' })
    await expect(login(code(-1).replace(/^.../, '$& '))).resolves.toBeDefined()
    await expect(login(code(1))).resolves.toBeDefined()
  })

  test('takes no code twice, none before one that it took, and not the one that confirmed', async () => {
    const { client, login } = await register()
    const code = await proposeTwoFactor(app, client, password)
    await client.twoFactor.confirm({ body: { otp: code() } })
    await expect(login(code())).rejects.toMatchObject({ code: 'auth' })
    app.pass(60)
    await expect(login(code())).resolves.toBeDefined()
    await expect(login(code())).rejects.toMatchObject({ code: 'auth' })
    await expect(login(code(-1))).rejects.toMatchObject({ code: 'auth' })
    app.pass(30)
    await expect(login(code())).resolves.toBeDefined()
  })

  test('of many at once with one code exactly one is let in', async () => {
    const { login, code } = await registerWithTwoFactor()
    expect(await admitted(() => login(code()), 'auth')).toBe(1)
  })

  test('takes each recovery code once, in any writing', async () => {
    const { client, login, recoveryCodes } = await registerWithTwoFactor()
    const [first, second, third] = recoveryCodes as [string, string, string]
    await expect(login(first)).resolves.toBeDefined()
    await expect(login(first)).rejects.toMatchObject({ code: 'auth' })
    await expect(login(second.toUpperCase().replaceAll('-', ' '))).resolves.toBeDefined()
    expect(await admitted(() => login(third), 'auth')).toBe(1)
    expect(await client.twoFactor.get()).toEqual({ enabled: true, recovery_codes_left: 7 })
  })

  test('reveals to nobody without the password that it is needed', async () => {
    const [on, off] = [await registerWithTwoFactor(), await register()]
    for (const otp of [undefined, '123456', 'abcd-efgh-ijkl-mnop']) {
      const refusals = await Promise.all(
        [on, off].map(({ login }) => login(otp, 'wrong password').catch(({ code, message }) => ({ code, message }))),
      )
      expect(refusals[0]).toMatchObject({ code: 'auth' })
      expect(refusals[0]).toEqual(refusals[1])
    }
  })

  test('takes no code of somebody else', async () => {
    const [one, other] = [await registerWithTwoFactor(), await registerWithTwoFactor()]
    await expect(one.login(other.code())).rejects.toMatchObject({ code: 'auth' })
    await expect(one.login(other.recoveryCodes[0])).rejects.toMatchObject({ code: 'auth' })
    await expect(other.login(other.recoveryCodes[0])).resolves.toBeDefined()
  })
})

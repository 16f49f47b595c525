import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

let app: TestApp
beforeAll(async () => {
  app = await startTestApp()
})
afterAll(() => app.stop())

const register = (username: string, password = 'correct horse battery') =>
  app.client().accounts.register({ body: { username, password } })
const login = (username: string, password = 'correct horse battery') =>
  app.client().accounts.login({ body: { username, password } })

describe('registering', () => {
  test('gives a key that works, and the name as it is kept', async () => {
    const { api_key, username } = await register('Alice')
    expect(username).toBe('alice')
    expect(api_key).toMatch(/^ih_[0-9A-Za-z]{43}[0-9a-z]{7}$/)
    await expect(app.client(api_key).images.list()).resolves.toEqual({ items: [] })
  })

  test.each(['alice', 'ALICE', 'Ａlice', ' alice '])('%j is the same name as alice', (name) =>
    expect(register(name)).rejects.toMatchObject({ code: 'conflict', status: 409 }),
  )

  test.each(['al', 'a b', 'a'.repeat(33), 'älice', 'a/b', 'аlice', ''])('%j is no name', (name) =>
    expect(register(name)).rejects.toMatchObject({
      code: 'validation',
      details: { field: expect.stringContaining('username') },
    }),
  )

  test.each([
    ['short', 'at least 8 characters'],
    ['12345678', 'attackers'],
    ['PASSWORD1', 'attackers'],
    ['bob-the-long', 'user name'],
    ['BOB-THE-LONG', 'user name'],
  ])('the password %j is refused, and the rule is said', (password, rule) =>
    expect(register('bob-the-long', password)).rejects.toMatchObject({
      code: 'validation',
      message: expect.stringContaining(rule),
      details: { field: 'password' },
    }),
  )

  test('of many who ask for one name at once, exactly one gets it', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => register('wanted')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict' })
    }
  })

  test('is refused where the server takes no new accounts', async () => {
    const closed = await startTestApp({ REGISTRATION: 'closed' })
    const body = { username: 'alice', password: 'correct horse battery' }
    await expect(closed.client().accounts.register({ body })).rejects.toMatchObject({
      code: 'registration_closed',
      status: 403,
    })
    await closed.stop()
  })
})

describe('logging in', () => {
  test('gives another key each time, by any spelling of the name', async () => {
    const first = await register('carol')
    const second = await login('CAROL')
    expect(second.username).toBe('carol')
    expect(second.api_key).not.toBe(first.api_key)
    await expect(app.client(first.api_key).images.list()).resolves.toBeDefined()
    await expect(app.client(second.api_key).images.list()).resolves.toBeDefined()
  })

  test('says the same of an unknown name and of a wrong password', async () => {
    const wrong = await login('carol', 'not hers').catch((error: unknown) => error)
    const unknown = await login('nobody-here', 'not hers').catch((error: unknown) => error)
    expect(wrong).toMatchObject({ code: 'auth', status: 401 })
    expect(unknown).toMatchObject({ code: 'auth', message: (wrong as Error).message })
  })

  test('keeps the newest fifty keys', async () => {
    const { api_key: first } = await register('dave')
    for (let i = 0; i < 49; i++) {
      app.pass(1)
      await login('dave')
    }
    await expect(app.client(first).images.list()).resolves.toBeDefined()
    app.pass(1)
    const { api_key: newest } = await login('dave')
    app.pass(1)
    const outcomes = await Promise.allSettled([app.client(first).images.list(), app.client(newest).images.list()])
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1)
    expect(outcomes[1]!.status).toBe('fulfilled')
  }, 60_000)

  test('a key that nobody used for 90 days is over, one in use is not', async () => {
    const { api_key: idle } = await register('erin')
    const { api_key: used } = await login('erin')
    for (let day = 0; day < 91; day += 30) {
      app.pass(30 * 24 * 3600)
      await expect(app.client(used).images.list()).resolves.toBeDefined()
    }
    await expect(app.client(idle).images.list()).rejects.toMatchObject({ code: 'auth' })
  })
})

describe('throw-away accounts', () => {
  test('are given where they are switched on', async () => {
    const { api_key, uid } = await app.client().accounts.issueDevKey()
    expect(uid).toMatch(/^u_[0-9A-Za-z]{16}$/)
    await expect(app.client(api_key).images.list()).resolves.toEqual({ items: [] })
  })

  test('do not exist elsewhere', async () => {
    const plain = await startTestApp({ DEV_ISSUE_KEY: '0' })
    await expect(plain.client().accounts.issueDevKey()).rejects.toMatchObject({ code: 'not_found' })
    await plain.stop()
  })
})

describe('preferences', () => {
  test('are as they come until they are set, and come back when they are taken back', async () => {
    const { client } = await app.user()
    expect((await client.accounts.me()).preferences).toEqual({ keep_metadata: false })
    const set = { default_visibility: 'private', keep_metadata: true } as const
    expect((await client.accounts.update({ body: { preferences: set } })).preferences).toEqual(set)
    const { preferences } = await client.accounts.update({ body: { preferences: { default_visibility: null } } })
    expect(preferences).toEqual({ keep_metadata: true })
    expect((await client.accounts.me()).preferences).toEqual(preferences)
  })

  test('decide what an upload does not say', async () => {
    const user = await app.user()
    await user.client.accounts.update({ body: { preferences: { default_visibility: 'private' } } })
    app.pass(1)
    expect((await uploadPicture(app, user, await pictures.png({ seed: 70 }))).visibility).toBe('private')
    const said = await uploadPicture(app, user, await pictures.png({ seed: 71 }), { visibility: 'public' })
    expect(said.visibility).toBe('public')
  })

  test.each([[{ theme_song: 'x' }], [{ default_visibility: 'secret' }], [{ keep_metadata: 'yes' }]])(
    '%j is refused',
    async (preferences) =>
      expect(
        (await app.user()).client.accounts.update({ body: { preferences: preferences as object } }),
      ).rejects.toMatchObject({ code: 'validation' }),
  )
})

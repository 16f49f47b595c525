import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import vectors from '../testing/fixtures/flask-vectors.json' with { type: 'json' }
import { type FlaskDeployment, flaskKey, startFlaskDeployment } from '../testing/flask-deployment.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

const { valid, invalid } = vectors.api_keys
const [, pbkdf2, unicode, scrypt] = vectors.password_hashes
let flask: FlaskDeployment
let app: TestApp
beforeAll(async () => {
  flask = await startFlaskDeployment()
  app = await startTestApp(flask.env)
})
afterAll(async () => {
  await app?.stop()
  await flask?.stop()
})

const list = (apiKey: string) => app.client(apiKey).images.list()
const login = (username: string, password: string) => app.client().accounts.login({ body: { username, password } })
const register = (username: string) =>
  app.client().accounts.register({ body: { username, password: 'a long one of ours' } })
const storedHash = (uid: string) => flask.redis.hGet(`user:${uid}`, 'password_hash')
let accounts = 0

/** An account of theirs under this name; its password is that of the vector. */
async function addAccount(username: string, { hash } = pbkdf2!): Promise<string> {
  const uid = `u_${String(++accounts).padStart(8, '0')}`
  await flask.addAccount(uid, { username, password_hash: hash })
  return uid
}

describe('their keys', () => {
  test('made here for the tests are those that their library makes', () =>
    expect(flaskKey(valid[0]!.payload.uid)).toBe(valid[0]!.key))

  test.each(valid)('open the list and the deletion: $payload.uid', async ({ key, payload: { uid } }) => {
    await flask.addAccount(uid)
    await flask.addImage(`img_of_${uid.slice(0, 8)}`, { owner_uid: uid })
    const { items } = await list(key)
    expect(items.map(({ owner_uid }) => owner_uid)).toEqual([uid])
    await app.client(key).images.delete({ params: { id: items[0]!.id } })
    expect(await list(key)).toEqual({ items: [] })
  })

  test.each(invalid)('with $why open nothing', async ({ key }) => {
    await flask.addAccount(valid[0]!.payload.uid)
    await expect(list(key)).rejects.toMatchObject({ code: 'auth', status: 401 })
  })

  test('end with their account', async () => {
    const uid = await addAccount('leaving')
    await expect(list(flaskKey(uid))).resolves.toEqual({ items: [] })
    await flask.redis.del([`user:${uid}`, 'username:leaving'])
    app.pass(1)
    await expect(list(flaskKey(uid))).rejects.toMatchObject({ code: 'auth' })
  })

  test('end when the account cuts them off', async () => {
    const uid = await addAccount('cut-off')
    await flask.redis.hSet(`user:${uid}`, 'legacy_keys_before', '1700000001')
    await expect(list(flaskKey(uid))).rejects.toMatchObject({ code: 'auth' })
  })

  test('were never made for an account of ours, so they open none', async () => {
    const { uid } = await app.user()
    await expect(list(flaskKey(uid))).rejects.toMatchObject({ code: 'auth' })
  })

  test('are nothing without their secret', async () => {
    const uid = await addAccount('stranger')
    const { FLASK_SECRET: _, ...env } = flask.env
    const plain = await startTestApp({ ...env, SECRET_KEY: 's'.repeat(32) })
    await expect(plain.client(flaskKey(uid)).images.list()).rejects.toMatchObject({ code: 'auth' })
    await plain.stop()
  })
})

describe('their passwords', () => {
  test.each([
    ['pbkdf2', pbkdf2!],
    ['pbkdf2 of a password with odd characters', unicode!],
    ['scrypt', scrypt!],
  ])('hashed by %s fit once, and are argon2id from then on', async (name, vector) => {
    const uid = await addAccount(name, vector)
    await expect(login(name, `${vector.password}x`)).rejects.toMatchObject({ code: 'auth' })
    expect(await storedHash(uid)).toBe(vector.hash)
    const { api_key, username } = await login(name, vector.password)
    expect(username).toBe(name)
    expect(await storedHash(uid)).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    const rehashed = await storedHash(uid)
    await expect(login(name, `${vector.password}x`)).rejects.toMatchObject({ code: 'auth' })
    await login(name, vector.password)
    expect(await storedHash(uid)).toBe(rehashed)
    for (const key of [api_key, flaskKey(uid)]) await expect(list(key)).resolves.toEqual({ items: [] })
  })

  test('of two who log in at once, both get in, and one hash is kept', async () => {
    const uid = await addAccount('twice')
    await Promise.all([login('twice', pbkdf2!.password), login('twice', pbkdf2!.password)])
    expect(await storedHash(uid)).toMatch(/^\$argon2id/)
    await login('twice', pbkdf2!.password)
  })

  test.each(['', 'plain', 'md5$salt$00', 'pbkdf2:sha256:x$a$00', 'scrypt:1:1:1$a$00', undefined])(
    'stored as %j fit nothing, in the words of a wrong password',
    async (hash) => {
      const username = `broken ${hash}`
      await flask.addAccount(`u_${++accounts}`, { username, password_hash: hash })
      const wrong = await login('nobody-here', 'correct horse').catch((error: unknown) => error)
      await expect(login(username, 'correct horse')).rejects.toMatchObject({
        code: 'auth',
        message: (wrong as Error).message,
      })
    },
  )

  test('of any length log in', async () => {
    const long = 'p'.repeat(5_000)
    await expect(login(pbkdf2!.password, long)).rejects.toMatchObject({ code: 'auth', status: 401 })
  })
})

describe('their names', () => {
  test.each([
    'Ann B.',
    'ANNE',
    'ärger',
    'ﬁsh',
    '🦊',
    'O\'Neil "x"',
    ' padded ',
    'line\nbreak',
    '..',
    '{braces}',
    'user:1:images',
    '__proto__',
    'x',
    'n'.repeat(300),
  ])('%j logs in as it was typed', async (name) => {
    const uid = await addAccount(name)
    const { api_key, username } = await login(name, pbkdf2!.password)
    expect(username).toBe(name)
    await flask.addImage(`img_${uid}`, { owner_uid: uid })
    expect((await list(api_key)).items.map(({ id }) => id)).toEqual([`img_${uid}`])
  })

  test.each([
    ['Greta', 'greta'],
    ['GRETEL', 'gretel'],
    ['grEtchEn', 'gretchen'],
    ['Jean-Luc_P', 'jean-luc_p'],
    ['TheodoraAdelaideMcGuffin', 'TheodoraAdelaideMcGuffin'],
  ])('%s keeps %s from being registered', async (theirs, wanted) => {
    await addAccount(theirs)
    await expect(register(wanted)).rejects.toMatchObject({ code: 'conflict', status: 409 })
  })

  test('that differ only in case stay two people', async () => {
    const [upper, lower] = [await addAccount('Twin'), await addAccount('twin', unicode)]
    const keys = [(await login('Twin', pbkdf2!.password)).api_key, (await login('twin', unicode!.password)).api_key]
    await expect(login('Twin', unicode!.password)).rejects.toMatchObject({ code: 'auth' })
    await expect(login('twin', pbkdf2!.password)).rejects.toMatchObject({ code: 'auth' })
    await flask.addImage('img_upper', { owner_uid: upper })
    await flask.addImage('img_lower', { owner_uid: lower })
    const lists = await Promise.all(keys.map(list))
    expect(lists.map(({ items }) => items.map(({ id }) => id))).toEqual([['img_upper'], ['img_lower']])
  })

  test('are answered as typed where the record has none', async () => {
    const uid = `u_${++accounts}`
    await flask.redis.set('username:Nameless', uid)
    await flask.redis.hSet(`user:${uid}`, { password_hash: pbkdf2!.hash })
    const { api_key, username } = await login('Nameless', pbkdf2!.password)
    expect(username).toBe('Nameless')
    await expect(list(api_key)).resolves.toEqual({ items: [] })
  })

  test('whose record is gone are nobody, and free for nobody else', async () => {
    await flask.redis.set('username:ghost', 'u_ghost')
    await expect(login('ghost', pbkdf2!.password)).rejects.toMatchObject({ code: 'auth' })
    await expect(register('ghost')).rejects.toMatchObject({ code: 'conflict' })
  })
})

import { afterAll, beforeAll, expect, test } from 'vitest'
import vectors from '../testing/fixtures/flask-vectors.json' with { type: 'json' }
import { type FlaskDeployment, flaskKey, startFlaskDeployment } from '../testing/flask-deployment.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

/** Administration of a server that took over the Redis of a Flask project, in the order in which it would happen. */
const { hash, password } = vectors.password_hashes[1]!
let flask: FlaskDeployment
let app: TestApp
let adminKey: string
beforeAll(async () => {
  flask = await startFlaskDeployment()
  for (const username of ['Owner', 'Guest One', 'absent'])
    await flask.addAccount(`u_${username.toLowerCase().replace(' ', '_')}`, { username, password_hash: hash })
  app = await startTestApp(flask.env)
})
afterAll(async () => {
  await app?.stop()
  await flask?.stop()
})

const login = (username: string) => app.client().accounts.login({ body: { username, password } })
const admin = () => app.client(adminKey)

test('nobody becomes administrator by registering there, the code makes one of their accounts it', async () => {
  const registered = await app.server.inject({
    method: 'POST',
    url: '/api/v1/register',
    headers: { host: 'localhost' },
    payload: { username: 'quick', password: 'a long one of ours' },
  })
  expect((await app.client(registered.json().api_key).accounts.me()).role).toBeUndefined()
  adminKey = (await login('Owner')).api_key
  const code = (await app.setup.code())!
  expect(await admin().setup.claim({ body: { code } })).toMatchObject({ username: 'Owner', role: 'admin' })
  expect(await flask.redis.hGet('user:u_owner', 'role')).toBe('admin')
})

test('their accounts are listed from when they came back, by name in any case', async () => {
  const names = async () => (await admin().users.list()).items.map(({ username }) => username)
  expect(await names()).toEqual(['Owner', 'quick'])
  await app.client(flaskKey('u_guest_one')).images.list()
  expect(await names()).toEqual(['Guest One', 'Owner', 'quick'])
  const { items } = await admin().users.list({ query: { q: 'GUEST o' } })
  expect(items).toMatchObject([{ uid: 'u_guest_one', role: 'user', disabled: false, usage: { images: 0, bytes: 0 } }])
})

test('one who never came back is found by uid, and has limits of its own', async () => {
  const { uid } = await admin().users.get({ params: { uid: 'u_absent' } })
  await admin().users.update({ params: { uid }, body: { quota: { images: 3 } } })
  const key = (await login('absent')).api_key
  expect(await app.client(key).images.usage()).toMatchObject({ max_images: 3 })
})

test('disabling one ends the keys that the project gave it, for good', async () => {
  const list = () => app.client(flaskKey('u_guest_one')).images.list()
  await admin().users.update({ params: { uid: 'u_guest_one' }, body: { disabled: true } })
  await expect(list()).rejects.toMatchObject({ code: 'auth' })
  await expect(login('Guest One')).rejects.toMatchObject({ code: 'auth' })
  await admin().users.update({ params: { uid: 'u_guest_one' }, body: { disabled: false } })
  await expect(list()).rejects.toMatchObject({ code: 'auth' })
  await expect(login('Guest One')).resolves.toBeDefined()
})

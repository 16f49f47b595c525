import { afterEach, describe, expect, test } from 'vitest'
import { MetadataUnavailable } from '../ports/metadata-store.ts'
import { pictures } from '../testing/pictures.ts'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { turnOnTwoFactor } from '../testing/two-factor.ts'
import { uploadPicture } from '../testing/upload-picture.ts'

const running: TestApp[] = []
afterEach(async () => {
  for (const app of running.splice(0)) await app.stop()
})

async function start(env: Record<string, string>): Promise<TestApp> {
  const app = await startTestApp(env)
  running.push(app)
  return app
}

const password = 'correct horse battery'

interface Attempt {
  path?: string
  from?: string
  headers?: Record<string, string>
  body?: object
}

/** A request of somebody at this address, past the proxy that `inject` would be. */
async function post(app: TestApp, { path = '/api/v1/login', from = '192.0.2.1', headers = {}, body = {} }: Attempt) {
  const answer = await app.server.inject({
    method: 'POST',
    url: path,
    remoteAddress: from,
    headers: { 'content-type': 'application/json', ...headers },
    payload: JSON.stringify(body),
  })
  return { status: answer.statusCode, headers: answer.headers, code: answer.json().error?.code as string | undefined }
}

const login = (app: TestApp, username: string, guess: string, from: string) =>
  post(app, { from, body: { username, password: guess } })

describe('an address', () => {
  test('may try so many logins, hears how many are left, and may again when the time is over', async () => {
    const app = await start({ RATE_LOGIN: '2', RATE_LOGIN_NAME: '0' })
    const first = await login(app, 'anna', 'wrong', '192.0.2.1')
    expect(first).toMatchObject({
      status: 401,
      headers: { 'ratelimit-limit': '2', 'ratelimit-remaining': '1', 'ratelimit-reset': '300' },
    })
    expect(await login(app, 'bert', 'wrong', '192.0.2.1')).toMatchObject({ status: 401 })
    expect(await login(app, 'carl', 'wrong', '192.0.2.1')).toMatchObject({
      status: 429,
      code: 'rate_limited',
      headers: { 'retry-after': '300', 'ratelimit-remaining': '0', 'ratelimit-reset': '600' },
    })
    expect(await login(app, 'carl', 'wrong', '192.0.2.2')).toMatchObject({ status: 401 })
    app.pass(300)
    expect(await login(app, 'carl', 'wrong', '192.0.2.1')).toMatchObject({ status: 401 })
  })

  test('of IPv6 is the whole network that its owner can choose from', async () => {
    const app = await start({ RATE_REGISTER: '1' })
    const register = (from: string) => post(app, { path: '/api/v1/register', from })
    expect((await register('2001:db8::1')).status).toBe(400)
    expect((await register('2001:db8::ffff:2')).status).toBe(429)
    expect((await register('2001:db8:0:1::1')).status).toBe(400)
  })

  test('can not be forged by X-Forwarded-For', async () => {
    const app = await start({ RATE_REGISTER: '1' })
    const register = (claimed: string) =>
      post(app, { path: '/api/v1/register', headers: { 'x-forwarded-for': claimed, forwarded: `for=${claimed}` } })
    expect((await register('198.51.100.1')).status).toBe(400)
    expect((await register('198.51.100.2')).status).toBe(429)
  })

  test('is told by a trusted proxy, of which only what it saw itself counts', async () => {
    const app = await start({ RATE_REGISTER: '1', TRUSTED_PROXIES: '127.0.0.1' })
    const register = (claimed: string) =>
      post(app, { path: '/api/v1/register', from: '127.0.0.1', headers: { 'x-forwarded-for': claimed } })
    expect((await register('198.51.100.1')).status).toBe(400)
    expect((await register('203.0.113.9, 198.51.100.1')).status).toBe(429)
    expect((await register('198.51.100.2')).status).toBe(400)
  })
})

describe('a name under attack', () => {
  async function attacked(env: Record<string, string> = {}): Promise<TestApp> {
    const app = await start({ RATE_LOGIN_NAME: '3', ...env })
    await app.client().accounts.register({ body: { username: 'anna', password } })
    return app
  }

  const botnet = (app: TestApp, username = 'anna', bots = 8) =>
    Promise.all(Array.from({ length: bots }, (_, n) => login(app, username, `guess ${n}`, `198.51.100.${n}`)))

  const statuses = (answers: { status: number }[]) => answers.map(({ status }) => status).sort()

  test('is tried no faster from many addresses than from one, however its letters are written', async () => {
    const app = await attacked()
    expect(statuses(await botnet(app))).toEqual([401, 401, 401, 429, 429, 429, 429, 429])
    expect(await login(app, 'ＡＮＮＡ', 'guess', '203.0.113.1')).toMatchObject({ status: 429 })
  })

  test('is never locked for good: even a stranger may try again after the time that is told', async () => {
    const app = await attacked()
    await botnet(app)
    const refused = await login(app, 'anna', password, '203.0.113.1')
    expect(refused).toMatchObject({ status: 429, headers: { 'retry-after': '200' } })
    app.pass(200)
    expect(await login(app, 'anna', password, '203.0.113.1')).toMatchObject({ status: 200 })
  })

  test('stays open to its owner at an address that logged in before', async () => {
    const app = await attacked()
    expect(await login(app, 'anna', password, '192.0.2.50')).toMatchObject({ status: 200 })
    await botnet(app)
    expect(await login(app, 'anna', 'a slip', '192.0.2.50')).toMatchObject({ status: 401 })
    expect(await login(app, 'anna', password, '192.0.2.50')).toMatchObject({ status: 200 })
    for (let n = 0; n < 3; n++) await login(app, 'anna', 'wrong', '192.0.2.50')
    expect(await login(app, 'anna', password, '192.0.2.50')).toMatchObject({ status: 429 })
  })

  test('is guarded at the session as well, out of the same allowance', async () => {
    const app = await attacked()
    await botnet(app, 'anna', 3)
    const session = { path: '/api/v1/session', headers: { 'sec-fetch-site': 'same-origin' } }
    expect(await post(app, { ...session, body: { username: 'anna', password } })).toMatchObject({ status: 429 })
  })

  test('answers like a name that does not exist', async () => {
    const app = await attacked()
    expect(statuses(await botnet(app, 'nobody'))).toEqual(statuses(await botnet(app, 'anna')))
  })

  test('the right password before its one-time code is not counted, a guess at the code is', async () => {
    const app = await attacked()
    await turnOnTwoFactor(app, { username: 'anna', password })
    for (let n = 0; n < 8; n++) {
      const answer = await login(app, 'anna', password, `203.0.113.${n}`)
      expect(answer).toMatchObject({ status: 401, code: 'otp_required' })
    }
    const guess = (from: string) => post(app, { from, body: { username: 'anna', password, otp: '000000' } })
    for (let n = 0; n < 3; n++) expect(await guess(`203.0.113.${n}`)).toMatchObject({ status: 401 })
    expect(await guess('203.0.113.9')).toMatchObject({ status: 429 })
  })

  test('logins that succeed are not counted', async () => {
    const app = await attacked()
    for (let n = 0; n < 8; n++) {
      expect(await login(app, 'anna', password, `203.0.113.${n}`)).toMatchObject({ status: 200 })
    }
  })
})

test('a stolen key tries no passwords', async () => {
  const app = await start({ RATE_LOGIN_NAME: '2' })
  const { api_key } = await app.client().accounts.register({ body: { username: 'anna', password } })
  const guess = () =>
    post(app, {
      path: '/api/v1/me/password',
      headers: { 'x-api-key': api_key },
      body: { current: 'guess', new: 'another horse battery' },
    })
  const answers = [await guess(), await guess(), await guess()]
  expect(answers.map(({ status }) => status)).toEqual([403, 403, 429])
})

describe('uploads', () => {
  test('are counted per account, begun ones too, and not per address', async () => {
    const app = await start({ RATE_UPLOAD: '2' })
    const [anna, bert] = [await app.user(), await app.user()]
    await uploadPicture(app, anna, await pictures.png({ seed: 1 }))
    const request = { body: { filename: 'a.png', mime_type: 'image/png' } }
    await anna.client.uploads.request(request)
    await expect(anna.client.uploads.request(request)).rejects.toMatchObject({ code: 'rate_limited', status: 429 })
    await expect(bert.client.uploads.request(request)).resolves.toBeDefined()
    app.pass(30)
    await expect(anna.client.uploads.request(request)).resolves.toBeDefined()
  })

  test('of 32 at once none meets the limit as it is by default', async () => {
    const app = await start({})
    const { client } = await app.user()
    const request = { body: { filename: 'a.png', mime_type: 'image/png' } }
    await Promise.all(Array.from({ length: 32 }, () => client.uploads.request(request)))
  })

  test('by address have an allowance of their own', async () => {
    const app = await start({ RATE_IMPORT: '1' })
    const { apiKey } = await app.user()
    const fetchIt = { path: '/api/v1/upload', headers: { 'x-api-key': apiKey }, body: { url: 'http://127.0.0.1/a' } }
    expect(await post(app, fetchIt)).toMatchObject({ code: 'import_refused', headers: { 'ratelimit-limit': '1' } })
    expect(await post(app, fetchIt)).toMatchObject({ code: 'rate_limited' })
  })
})

test('reads are counted where that is wished, also of bytes', async () => {
  const app = await start({ RATE_READ: '2' })
  const image = await uploadPicture(app, await app.user(), await pictures.png())
  const read = async (address: string) => (await app.fetch(new URL(address, image.url))).status
  expect([await read(image.url), await read(`/api/v1/image/${image.id}`), await read(image.url)]).toEqual([
    200, 302, 429,
  ])
  app.pass(30)
  expect(await read(image.url)).toBe(200)
})

test('where the counter is away, nobody logs in and nothing is uploaded', async () => {
  const app = await start({})
  const { client } = await app.user()
  await app.client().accounts.register({ body: { username: 'anna', password } })
  app.metadata.limiter.take = () => Promise.reject(new MetadataUnavailable('away'))
  const request = { body: { filename: 'a.png', mime_type: 'image/png' } }
  expect(await login(app, 'anna', password, '192.0.2.1')).toMatchObject({ status: 503, code: 'service_error' })
  await expect(client.uploads.request(request)).rejects.toMatchObject({ code: 'service_error' })
  await expect(client.images.list()).resolves.toEqual({ items: [] })
})

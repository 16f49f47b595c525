import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'

/** A registration as it reaches an embedded server that listens on loopback only; the client is told by its headers. */
async function register(app: TestApp, username: string, headers: Record<string, string> = {}): Promise<string> {
  const answer = await app.server.inject({
    method: 'POST',
    url: '/api/v1/register',
    headers: { host: 'localhost:8000', ...headers },
    payload: { username, password: 'correct horse battery' },
  })
  return answer.json().api_key
}

const roleOf = async (app: TestApp, key: string) => (await app.client(key).accounts.me()).role

async function withApp(env: Record<string, string>, use: (app: TestApp) => Promise<void>): Promise<void> {
  const app = await startTestApp({ PUBLIC_URL: '', ...env })
  await use(app).finally(() => app.stop())
}

test('the first account of all is an administrator’s, where nobody but this machine reaches the server', () =>
  withApp({}, async (app) => {
    const first = await register(app, 'alice')
    expect(await roleOf(app, first)).toBe('admin')
    expect(await roleOf(app, await register(app, 'bob'))).toBeUndefined()
    await expect(app.client(first).keys.create({ body: { name: 'x', scopes: ['admin'] } })).resolves.toBeDefined()
    expect(await app.setup.code()).toBeUndefined()
  }))

test.each(['localhost', '127.0.0.1:8000', '[::1]:8000'])('%s is a name of this machine', (host) =>
  withApp({}, async (app) => expect(await roleOf(app, await register(app, 'alice', { host }))).toBe('admin')),
)

test('of many first accounts at once exactly one is an administrator’s', () =>
  withApp({}, async (app) => {
    const keys = await Promise.all(Array.from({ length: 16 }, (_, n) => register(app, `user-${n}`)))
    const roles = await Promise.all(keys.map((key) => roleOf(app, key)))
    expect(roles.filter((role) => role === 'admin')).toHaveLength(1)
  }))

test.each([
  ['through a proxy', {}, { 'x-forwarded-for': '203.0.113.9' }],
  ['through a proxy that says so by Forwarded', {}, { forwarded: 'for=203.0.113.9' }],
  ['by a name that leads here', {}, { host: '127.0.0.1.example.org' }],
  ['by a page elsewhere', {}, { origin: 'https://example.org' }],
  ['by a page without a name', {}, { origin: 'null' }],
  ['where others reach the server', { HOST: '0.0.0.0' }, {}],
  ['where the server has a public name', { PUBLIC_URL: 'https://img.example.org' }, {}],
])('nobody becomes administrator by registering %s', (_, env, headers) =>
  withApp(env as Record<string, string>, async (app) => {
    expect(await roleOf(app, await register(app, 'alice', headers as Record<string, string>))).toBeUndefined()
    // Nor whoever comes later: the account is not the first.
    expect(await roleOf(app, await register(app, 'bob'))).toBeUndefined()
    expect(await app.setup.code()).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
  }),
)

test('the code makes one administrator, however many send it at once, and nobody later', () =>
  withApp({}, async (app) => {
    const users = await Promise.all(Array.from({ length: 16 }, () => app.user()))
    const code = (await app.setup.code())!
    const sent = await Promise.allSettled(
      users.map(({ client }) => client.setup.claim({ body: { code: ` ${code.toUpperCase()} ` } })),
    )
    const winners = sent.filter(({ status }) => status === 'fulfilled')
    expect(winners).toMatchObject([{ value: { role: 'admin' } }])
    for (const outcome of sent) {
      if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ code: 'conflict', status: 409 })
    }
    const roles = await Promise.all(users.map(({ client }) => client.accounts.me()))
    expect(roles.filter(({ role }) => role === 'admin')).toHaveLength(1)
    await expect(users[0]!.client.setup.claim({ body: { code } })).rejects.toMatchObject({ code: 'conflict' })
    expect(await app.setup.code()).toBeUndefined()
  }))

test('a wrong code makes nobody administrator, and may not be tried for long', () =>
  withApp({ RATE_LOGIN_NAME: '5' }, async (app) => {
    const { client } = await app.user()
    const attempt = () => client.setup.claim({ body: { code: 'aaaa-aaaa-aaaa-aaaa' } }).catch((error) => error.code)
    for (let n = 0; n < 5; n++) expect(await attempt()).toBe('forbidden')
    expect(await attempt()).toBe('rate_limited')
    expect((await client.accounts.me()).role).toBeUndefined()
  }))

test('the code stays the same until it was used, also after a restart', () =>
  withApp({}, async (app) => {
    const code = await app.setup.code()
    expect(await app.setup.code()).toBe(code)
    await app.close()
    await withApp({ DATA_DIR: app.directory }, async (again) => expect(await again.setup.code()).toBe(code))
  }))

test('nobody becomes administrator by registering through a proxy that says nothing of itself', () =>
  withApp({}, async (app) => {
    const address = await app.server.listen({ host: '127.0.0.1', port: 0 })
    const body = JSON.stringify({ username: 'alice', password: 'correct horse battery' })
    // As nginx asks with no more configured than where to.
    const head = [`POST /api/v1/register HTTP/1.0`, `Host: ${new URL(address).host}`, 'Connection: close']
    const headers = [...head, 'Content-Type: application/json', `Content-Length: ${body.length}`]
    const socket = connect(Number(new URL(address).port), '127.0.0.1', () =>
      socket.write(`${headers.join('\r\n')}\r\n\r\n${body}`),
    )
    const answer = await text(socket)
    expect(answer).toContain(' 200 ')
    const { api_key: key } = JSON.parse(answer.split('\r\n\r\n')[1]!)
    expect(await roleOf(app, key)).toBeUndefined()
  }))

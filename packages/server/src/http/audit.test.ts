import { once } from 'node:events'
import { get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { api, type Route } from '@imagehost/contract'
import type { AuditEntry } from '@imagehost/contract/audit'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { MetadataUnavailable } from '../ports/metadata-store.ts'
import { askAsPage, cookieOf } from '../testing/ask-as-page.ts'
import { newAdministrator } from '../testing/new-administrator.ts'
import { startTestApp, type TestApp, type TestUser } from '../testing/start-test-app.ts'
import { proposeTwoFactor } from '../testing/two-factor.ts'

let app: TestApp
let admin: TestUser
beforeEach(async () => {
  app = await startTestApp()
  admin = await newAdministrator(app)
})
afterEach(() => app.stop())

const alice = { username: 'alice', password: 'correct horse battery' }

/** All of the log, oldest first. */
async function exported(query: Record<string, string> = {}): Promise<AuditEntry[]> {
  const response = await app.fetch(`http://images.test/api/v1/admin/audit?${new URLSearchParams(query)}`, {
    headers: { 'x-api-key': admin.apiKey, accept: 'application/x-ndjson' },
  })
  expect(response.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8')
  const lines = (await response.text()).split('\n')
  expect(lines.pop()).toBe('')
  return lines.map((line) => JSON.parse(line))
}

const changes = Object.entries(api).flatMap(([noun, routes]) =>
  Object.entries<Route>(routes)
    .filter(([, { scope, method }]) => scope === 'admin' && method !== 'GET')
    .map(([name, { audited }]) => ({ title: `${noun}.${name}`, audited })),
)

test.each(changes)('$title, which only administrators may do, is recorded', ({ audited }) => {
  expect(audited).toMatch(/^[a-z_]+\.[a-z_]+$/)
})

describe('what is recorded', () => {
  test('is who did what, when, from where, by which key and to what, and never a secret', async () => {
    const { api_key: first } = await app.client().accounts.register({ body: alice })
    const { api_key: second } = await app.client().accounts.login({ body: alice })
    const session = await askAsPage(app, 'POST', '/session', { body: alice })
    const client = app.client(second)
    const { key, id: kid } = await client.keys.create({ body: { name: 'robot', scopes: ['upload'] } })
    await client.keys.delete({ params: { kid } })
    const sid = (await client.sessions.list()).items[0]!.id
    await client.sessions.revoke({ params: { sid } })
    const code = await proposeTwoFactor(app, client, alice.password)
    const otp = code()
    const { recovery_codes: codes } = await client.twoFactor.confirm({ body: { otp } })
    await client.twoFactor.delete({ body: { password: alice.password } })
    const next = 'another horse battery'
    await client.accounts.changePassword({ body: { current: alice.password, new: next } })

    const entries = await exported()
    const { uid } = await client.accounts.me()
    const login = (await client.keys.list()).items.find(({ current }) => current)!.id
    const actor = { at: app.now() / 1000, actor: uid, username: 'alice', address: '127.0.0.1' }
    const byLogin = { ...actor, key_id: login }
    expect(entries.map(({ id: _, ...entry }) => entry)).toEqual([
      { ...actor, action: 'account.register', target: expect.stringMatching(/^k_/) },
      { ...actor, action: 'account.login', target: login },
      { ...actor, action: 'session.create', target: sid },
      { ...byLogin, action: 'key.create', target: kid, details: { name: 'robot', scopes: 'upload' } },
      { ...byLogin, action: 'key.revoke', target: kid },
      { ...byLogin, action: 'session.revoke', target: sid },
      { ...byLogin, action: 'two_factor.on' },
      { ...byLogin, action: 'two_factor.off' },
      { ...byLogin, action: 'password.change' },
    ])
    const text = JSON.stringify(entries)
    for (const secret of [alice.password, next, first, second, key, otp, cookieOf(session).split('=')[1]!, ...codes])
      expect(text).not.toContain(secret)
  })

  test('is nothing of what was refused', async () => {
    await app.client().accounts.register({ body: alice })
    const before = await exported()
    await expect(app.client().accounts.register({ body: alice })).rejects.toMatchObject({ code: 'conflict' })
    await expect(admin.client.keys.delete({ params: { kid: 'k_none' } })).rejects.toMatchObject({ code: 'not_found' })
    expect(await exported()).toEqual(before)
  })

  test('of a log that cannot be written stays in the log of the server, and what was asked for is done', async () => {
    await app.stop()
    const lines: string[] = []
    app = await startTestApp({}, { log: pino({ level: 'error' }, { write: (line) => lines.push(line) }) })
    app.metadata.audit.append = () => Promise.reject(new MetadataUnavailable('away'))
    await app.client().accounts.register({ body: alice })
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { msg: expect.stringContaining('audit log'), entry: { action: 'account.register', username: 'alice' } },
    ])
  })
})

describe('failed logins', () => {
  const fail = (username: string) =>
    expect(app.client().accounts.login({ body: { username, password: 'a guess' } })).rejects.toMatchObject({
      code: 'auth',
    })
  /** They are noted in the background, and at the latest when the server has stopped. */
  async function failures(count: number): Promise<AuditEntry[]> {
    await expect.poll(async () => (await exported({ action: 'login.failed' })).length).toBe(count)
    return exported({ action: 'login.failed' })
  }

  test('are recorded once a minute for each account, however often somebody guesses', async () => {
    await app.client().accounts.register({ body: alice })
    const { uid } = (await app.metadata.accounts.findByName('alice'))!
    for (let n = 0; n < 5; n++) await fail('Alice')
    const [entry] = await failures(1)
    expect(entry).toMatchObject({ target: uid, details: { username: 'alice' }, address: '127.0.0.1' })
    expect(entry).not.toHaveProperty('actor')
    app.pass(60)
    await fail('alice')
    await failures(2)
  })

  test('of names that do not exist are one a minute together, and what was typed is not kept', async () => {
    for (const name of ['nobody', 'hunter2', 'somebody']) await fail(name)
    const [entry] = await failures(1)
    expect(Object.keys(entry!).sort()).toEqual(['action', 'address', 'at', 'id'])
  })

  test('at the session are recorded too', async () => {
    await app.client().accounts.register({ body: alice })
    await askAsPage(app, 'POST', '/session', { body: { ...alice, password: 'a guess' } })
    await failures(1)
  })
})

describe('reading the log', () => {
  const append = (n: number, more: object = {}) =>
    app.metadata.audit.append({ at: 1_000 + n, action: n % 2 ? 'odd.act' : 'even.act', actor: `u_${n % 3}`, ...more })

  async function walked(query: object): Promise<number[]> {
    const times: number[] = []
    let cursor: string | undefined
    for (let pages = 0; pages < 100; pages++) {
      const page = await admin.client.audit.list({ query: { ...query, ...(cursor && { cursor }) } })
      times.push(...page.items.map(({ at }) => at - 1_000))
      cursor = page.next_cursor
      if (cursor === undefined) return times
    }
    throw new Error('The log does not end.')
  }

  test('goes from the newest to the oldest, in pages, within a time', async () => {
    for (let n = 0; n < 7; n++) await append(n)
    expect(await walked({ limit: 3 })).toEqual([6, 5, 4, 3, 2, 1, 0])
    expect(await walked({ limit: 3, from: 1_002, to: 1_005 })).toEqual([4, 3, 2])
  })

  test('finds what one did, by uid or name, and one kind of act', async () => {
    for (let n = 0; n < 7; n++) await append(n, n === 5 ? { username: 'alice' } : {})
    expect(await walked({ actor: 'u_1' })).toEqual([4, 1])
    expect(await walked({ actor: 'alice' })).toEqual([5])
    expect(await walked({ action: 'odd.act', limit: 1 })).toEqual([5, 3, 1])
  })

  test('looks at a bounded number for a page, and comes to a rare act all the same', async () => {
    for (let n = 0; n < 1_200; n++) await append(n, { action: n === 3 ? 'rare.act' : 'usual.act' })
    const first = await admin.client.audit.list({ query: { action: 'rare.act' } })
    expect(first).toEqual({ items: [], next_cursor: expect.any(String) })
    expect(await walked({ action: 'rare.act' })).toEqual([3])
  })

  test('is for administrators only, and nobody may change or delete an entry', async () => {
    const { client } = await app.user()
    await expect(client.audit.list()).rejects.toMatchObject({ code: 'insufficient_scope' })
    for (const method of ['DELETE', 'POST', 'PUT', 'PATCH'])
      expect((await askAsPage(app, method, '/admin/audit')).status).toBe(404)
  })

  test('ends where the days that it is kept end', async () => {
    await app.stop()
    app = await startTestApp({ AUDIT_DAYS: '30' })
    admin = await newAdministrator(app)
    await app.client().accounts.register({ body: alice })
    app.pass(29 * 86_400)
    await app.client().accounts.login({ body: alice })
    await app.sweeper.sweep()
    expect((await exported()).map(({ action }) => action)).toEqual(['account.register', 'account.login'])
    app.pass(2 * 86_400)
    await app.sweeper.sweep()
    expect((await exported()).map(({ action }) => action)).toEqual(['account.login'])
  })
})

describe('an export', () => {
  const total = 10_000
  beforeEach(async () => {
    // Thirty megabytes: several times what the system itself keeps for a connection on one machine.
    const details = { text: 'x'.repeat(3_000) }
    await Promise.all(
      Array.from({ length: total }, (_, n) =>
        app.metadata.audit.append({ at: 1_000 + n, action: 'some.act', details }),
      ),
    )
    await app.server.listen({ port: 0, host: '127.0.0.1' })
  })

  async function open(): Promise<IncomingMessage> {
    const { port } = app.server.server.address() as AddressInfo
    const headers = { 'x-api-key': admin.apiKey, accept: 'application/x-ndjson' }
    const request = get({ port, path: '/api/v1/admin/audit', headers, agent: false })
    const [response] = await once(request, 'response')
    return response
  }

  /** Counts the entries that were read from the store. */
  function countRead(): () => number {
    let read = 0
    const { list } = app.metadata.audit
    app.metadata.audit.list = async (range) => {
      const entries = await list(range)
      read += entries.length
      return entries
    }
    return () => read
  }

  test('of ten thousand entries holds a few at a time: nothing is read ahead of a client that does not read', async () => {
    const read = countRead()
    const response = await open()
    // What both ends of the connection and its streams buffer goes out; then it stands still.
    let before = 0
    const hasSettled = () => {
      const now = read()
      const isSame = now > 0 && now === before
      before = now
      return isSame
    }
    await expect.poll(hasSettled, { timeout: 10_000, interval: 200 }).toBe(true)
    expect(read()).toBeLessThan(0.6 * total)
    response.destroy()
  })

  test('gives all of them, oldest first, and what comes meanwhile is left for the next', async () => {
    const response = await open()
    await app.metadata.audit.append({ at: 50_000, action: 'late.act' })
    const times: number[] = []
    for await (const line of createInterface(response)) times.push(JSON.parse(line).at)
    expect(times).toEqual(Array.from({ length: total }, (_, n) => 1_000 + n))
  })

  test('ends when its client goes away', async () => {
    const read = countRead()
    const response = await open()
    response.destroy()
    await app.server.close()
    expect(read()).toBeLessThan(total)
  })
})

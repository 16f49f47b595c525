import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'

/** Two servers on one Redis, or one Cluster: what an administrator does at one holds at the other within a second. */
const engines: Record<string, Record<string, string>> = {
  Redis: { REDIS_URL: `${inject('redisUrl')}/7` },
  'Redis Cluster': { REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(',') },
}
const secret = { SECRET_KEY: 'of these tests, and of nothing else', RATE_REGISTER: '0' }
const password = 'correct horse battery'
/** A second, and as much again for a machine under the load of other tests. */
const soonMs = 2_000

describe.each(Object.entries(engines))('%s', (engine, env) => {
  let here: ServerProcess
  let there: ServerProcess
  let adminKey: string

  beforeAll(async () => {
    const both = [startServerProcess({ ...env, ...secret }), startServerProcess({ ...env, ...secret })] as const
    ;[here, there] = await Promise.all(both)
  })
  afterAll(() => Promise.all([here.stop(), there.stop()]))

  const at = ({ url }: ServerProcess, apiKey?: string) =>
    createClient({ baseUrl: url, retries: 0, ...(apiKey && { apiKey }) })
  const register = async (node: ServerProcess, name: string) =>
    (await at(node).accounts.register({ body: { username: `${name}-${engine.length}`, password } })).api_key

  /** How long it takes until `attempt` ends with this, in milliseconds. */
  async function timeUntil(outcome: string, attempt: () => Promise<unknown>): Promise<number> {
    const startedAt = performance.now()
    const ended = () =>
      attempt().then(
        () => 'done',
        (error) => error.code,
      )
    await expect.poll(ended, { timeout: 5_000, interval: 20 }).toBe(outcome)
    return performance.now() - startedAt
  }

  test('both print the same code, which makes one administrator on all of them', async () => {
    const codes = await Promise.all([here, there].map((node) => node.said(/"code":"([a-z2-7-]+)"/)))
    const [code = '', other] = codes.map(([, found]) => found)
    expect(code).toBe(other)
    const keys = [await register(here, 'anna'), await register(there, 'bob')]
    const claims = await Promise.allSettled(
      keys.map((key, n) => at(n === 0 ? here : there, key).setup.claim({ body: { code } })),
    )
    expect(claims.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    adminKey = keys[claims.findIndex(({ status }) => status === 'fulfilled')]!
    // Nobody was administrator by being the first on a Redis, however near it is.
    expect((await at(here, adminKey).users.list()).items.filter(({ role }) => role === 'admin')).toHaveLength(1)
    await timeUntil('done', () => at(there, adminKey).users.list())
  })

  test('a change of the settings holds on the other within a second', async () => {
    // With a name that nobody may have: what the answer is, tells whether registration was open, without an account each time.
    const visitor = () => at(there).accounts.register({ body: { username: 'x', password } })
    await expect(visitor()).rejects.toMatchObject({ code: 'validation' })
    await at(here, adminKey).settings.update({ body: { settings: { registration: 'closed' } } })
    expect(await timeUntil('registration_closed', visitor)).toBeLessThan(soonMs)
    await at(here, adminKey).settings.update({ body: { settings: { registration: null } } })
    expect(await timeUntil('validation', visitor)).toBeLessThan(soonMs)
  })

  test('a disabled account ends on the other within a second', async () => {
    const key = await register(there, 'naughty')
    const { uid } = await at(there, key).accounts.me()
    const found = await at(here, adminKey).users.list({ query: { q: 'naughty' } })
    expect(found.items.map((user) => user.uid)).toEqual([uid])
    await at(here, adminKey).users.update({ params: { uid }, body: { disabled: true } })
    await expect(at(here, key).accounts.me()).rejects.toMatchObject({ code: 'auth' })
    expect(await timeUntil('auth', () => at(there, key).accounts.me())).toBeLessThan(soonMs)
  })

  test('an invite of one lets one in, asked at both at once', async () => {
    await at(here, adminKey).settings.update({ body: { settings: { registration: 'invite' } } })
    await timeUntil('registration_closed', () => register(there, 'without-invite'))
    const { code: invite } = await at(there, adminKey).invites.create({ body: {} })
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) => {
        const username = `guest${n}-${engine.length}`
        return at(n % 2 ? here : there).accounts.register({ body: { username, password, invite } })
      }),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await at(here, adminKey).settings.update({ body: { settings: { registration: null } } })
  })
})

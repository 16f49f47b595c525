import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bareEnvironment } from './testing/bare-environment.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'

/** The command beside a running server, on one embedded database. */
let directory: string
let server: ServerProcess
const credentials = { username: 'alice', password: 'correct horse battery' }
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'admin-'))
  server = await startServerProcess({ DATA_DIR: directory })
  // Not hers is the first account of all, which would be the administrator's.
  await client().accounts.issueDevKey()
  await client().accounts.register({ body: credentials })
}, 30_000)
afterAll(async () => {
  await server.stop()
  rmSync(directory, { recursive: true })
})

const client = (apiKey?: string) => createClient({ baseUrl: server.url, ...(apiKey && { apiKey }) })
const logIn = async (password = credentials.password) =>
  (await client().accounts.login({ body: { ...credentials, password } })).api_key

async function admin(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const file = path.join(import.meta.dirname, 'admin.ts')
  const env = { ...bareEnvironment, DATA_DIR: directory }
  const run = promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    env,
    cwd: directory,
  })
  return run.then(
    ({ stdout }) => ({ code: 0, out: stdout, error: '' }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, error: stderr }),
  )
}

/** Whether a key of this login may give the scope `admin` on. */
async function isAdmin(): Promise<boolean> {
  const made = client(await logIn()).keys.create({ body: { name: 'x', scopes: ['admin'] } })
  return made.then(
    () => true,
    () => false,
  )
}

test('nobody is an administrator before it is granted, nor after it is revoked', { timeout: 30_000 }, async () => {
  expect(await isAdmin()).toBe(false)
  expect(await admin('grant', 'Alice')).toMatchObject({ code: 0, out: 'alice is an administrator.\n' })
  expect(await isAdmin()).toBe(true)
  const { key } = await client(await logIn()).keys.create({ body: { name: 'console', scopes: ['admin', 'account'] } })
  // Nobody else may be the first by now.
  const setup = client(key).setup.claim({ body: { code: 'aaaa-aaaa-aaaa-aaaa' } })
  await expect(setup).rejects.toMatchObject({ code: 'conflict' })
  await admin('revoke', 'alice')
  expect(await isAdmin()).toBe(false)
  const again = () =>
    client(key)
      .keys.create({ body: { name: 'y', scopes: ['admin'] } })
      .catch((error) => error.code)
  await expect.poll(again, { timeout: 5_000 }).toBe('insufficient_scope')
})

test('a disabled account opens nothing within a second, until it is enabled', { timeout: 30_000 }, async () => {
  const key = await logIn()
  await client(key).images.list()
  await admin('disable', 'alice')
  await expect
    .poll(
      () =>
        client(key)
          .images.list()
          .catch((error) => error.code),
      { timeout: 5_000 },
    )
    .toBe('auth')
  await expect(logIn()).rejects.toMatchObject({ code: 'auth' })
  await admin('enable', 'alice')
  await expect(logIn()).resolves.toMatch(/^ih_/)
})

test('each command is in the audit log, done by the operator', { timeout: 30_000 }, async () => {
  await admin('grant', 'alice')
  const { items } = await client(await logIn()).audit.list({ query: { actor: 'operator' } })
  await admin('revoke', 'alice')
  const { uid } = await client(await logIn()).accounts.me()
  expect(items[0]).toMatchObject({ action: 'operator.grant', target: uid, details: { username: 'alice' } })
})

test('a new password ends all keys', { timeout: 30_000 }, async () => {
  const key = await logIn()
  const { out } = await admin('reset-password', 'alice')
  const password = /: (\w{16})\n$/.exec(out)![1]!
  await expect
    .poll(
      () =>
        client(key)
          .images.list()
          .catch((error) => error.code),
      { timeout: 5_000 },
    )
    .toBe('auth')
  await expect(logIn()).rejects.toMatchObject({ code: 'auth' })
  await expect(logIn(password)).resolves.toMatch(/^ih_/)
})

test('accounts are listed by the beginning of their names', { timeout: 30_000 }, async () => {
  const { out, code } = await admin('users', 'ALI')
  expect(code).toBe(0)
  expect(out).toMatch(/^alice +u_\w{16} .* 0 images, 0\.0 MiB\n$/)
  expect((await admin('users')).out).toMatch(/^alice .*\ndev-\w+ /)
  expect((await admin('users', 'zzz')).out).toBe('Nobody here is called so.\n')
})

test('an invite works as often as it was said', { timeout: 30_000 }, async () => {
  await admin('grant', 'alice')
  const settings = { registration: 'invite' } as const
  await client(await logIn(await newPassword())).settings.update({ body: { settings } })
  const { out } = await admin('invite', '--uses', '2', '--expires', '7d')
  expect(out).toMatch(/^2 accounts may be made, until \d{4}-\d\d-\d\dT/)
  const [invite = ''] = /\w{22}$/m.exec(out) ?? []
  const register = (username: string) => client().accounts.register({ body: { ...credentials, username, invite } })
  await register('bob')
  await register('carol')
  await expect(register('dave')).rejects.toMatchObject({ code: 'invite_invalid' })
})

const newPassword = async (): Promise<string> => /: (\w{16})\n$/.exec((await admin('reset-password', 'alice')).out)![1]!

test.each([
  [[], 2, 'Usage: npm run admin'],
  [['toString', 'alice'], 2, 'Usage: npm run admin'],
  [['grant'], 2, 'Usage: npm run admin'],
  [['invite', '--uses', '0'], 2, 'Usage: npm run admin'],
  [['invite', '--expires', 'soon'], 2, 'Usage: npm run admin'],
  [['invite', 'alice'], 2, 'Usage: npm run admin'],
  [['users', 'a', 'b'], 2, 'Usage: npm run admin'],
  [['grant', 'nobody-here'], 1, 'Nobody here is called nobody-here.'],
])('%j ends with %i', async (args, code, words) => {
  const result = await admin(...args)
  expect(result).toMatchObject({ code, out: '' })
  expect(result.error).toContain(words)
})

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startTestApp, type TestApp } from '../testing/start-test-app.ts'
import { turnOnTwoFactor } from '../testing/two-factor.ts'

/** What the store keeps of two-factor, and what becomes of it when the secret of the server is changed. */
let DATA_DIR: string
beforeEach(() => {
  DATA_DIR = mkdtempSync(path.join(tmpdir(), 'two-factor-'))
})
afterEach(() => rmSync(DATA_DIR, { recursive: true }))

const account = { username: 'alice', password: 'correct horse battery' }
const [former, present] = ['a'.repeat(32), 'b'.repeat(32)]

let starts = 0

/** A server over the same data, at a later time than the one before, so that its codes are new. */
async function during<T>(env: Record<string, string>, act: (app: TestApp) => Promise<T>): Promise<T> {
  const app = await startTestApp({ DATA_DIR, ...env })
  app.pass(++starts * 300)
  return act(app).finally(app.stop)
}

async function register(app: TestApp) {
  const { api_key } = await app.client().accounts.register({ body: account })
  return app.client(api_key)
}

async function begin(app: TestApp) {
  await register(app)
  return turnOnTwoFactor(app, account)
}

const login = (app: TestApp, otp: string) => app.client().accounts.login({ body: { ...account, otp } })

test('who has the database has no secret and no recovery code', async () => {
  await during({ SECRET_KEY: former }, async (app) => {
    const client = await register(app)
    const { secret } = await client.twoFactor.begin({ body: { password: account.password } })
    const { uid } = await client.accounts.me()
    const proposed = (await app.metadata.twoFactor.findProposed(uid))!
    expect(Buffer.from(proposed, 'base64url').includes(secret)).toBe(false)
    const { recoveryCodes } = await turnOnTwoFactor(app, account)
    const stored = JSON.stringify(await app.metadata.twoFactor.find(uid))
    for (const code of recoveryCodes) {
      expect(stored).not.toContain(code)
      expect(stored).not.toContain(code.replaceAll('-', ''))
    }
  })
})

test('a former secret of the server still opens it, and is needed no more after the next login', async () => {
  const { code } = await during({ SECRET_KEY: former }, begin)
  await during({ SECRET_KEY: present, SECRET_KEY_PREVIOUS: former }, (app) => login(app, code(0, app)))
  await during({ SECRET_KEY: present }, (app) => login(app, code(0, app)))
})

test('where the secret of the server is lost, recovery codes still log in', async () => {
  const { code, recoveryCodes } = await during({ SECRET_KEY: former }, begin)
  await during({ SECRET_KEY: present }, async (app) => {
    await expect(login(app, code(0, app))).rejects.toMatchObject({ code: 'auth' })
    await expect(login(app, recoveryCodes[0]!)).resolves.toBeDefined()
  })
})

import { execFile } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from './config.ts'
import { checkSecrets, readSigningKeys } from './secrets.ts'
import { bareEnvironment } from './testing/bare-environment.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp } from './testing/start-test-app.ts'

const long = 'b'.repeat(32)
let root: string
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'imagehost-'))
})
afterAll(() => rmSync(root, { recursive: true, force: true }))
const newFolder = () => path.join(mkdtempSync(path.join(root, 'data-')), 'data')

describe('the secret that is made where none is set', () => {
  test('is kept for its owner alone, and is the same ever after', () => {
    const DATA_DIR = newFolder()
    const first = readSigningKeys(readConfig({ DATA_DIR }), 'storage')
    expect(readSigningKeys(readConfig({ DATA_DIR }), 'storage')).toEqual(first)
    expect(statSync(DATA_DIR).mode & 0o777).toBe(0o700)
    expect(readdirSync(DATA_DIR)).toEqual(['secret-key'])
    expect(statSync(path.join(DATA_DIR, 'secret-key')).mode & 0o777).toBe(0o600)
    expect(readFileSync(path.join(DATA_DIR, 'secret-key'), 'utf8')).toMatch(/^[\w-]{43}\n$/)
    expect(readSigningKeys(readConfig({ DATA_DIR: newFolder() }), 'storage').current).not.toEqual(first.current)
  })

  test('is one, also when several processes start at once in an empty folder', async () => {
    const DATA_DIR = newFolder()
    const script = `
      const [{ readConfig }, { readSigningKeys }] = [await import('./config.ts'), await import('./secrets.ts')]
      console.log(readSigningKeys(readConfig(process.env), 'storage').current.toString('hex'))`
    const start = () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
        cwd: import.meta.dirname,
        env: { ...bareEnvironment, DATA_DIR },
      })
    const outcomes = await Promise.all(Array.from({ length: 4 }, start))
    const [first, ...others] = outcomes.map(({ stdout }) => stdout.trim())
    expect(first).toMatch(/^[0-9a-f]{64}$/)
    expect(others).toEqual([first, first, first])
    expect(readdirSync(DATA_DIR)).toEqual(['secret-key'])
  })

  test.each(['', '\n', 'short\n'])('is never taken from a file that holds %j', (content) => {
    const DATA_DIR = newFolder()
    readSigningKeys(readConfig({ DATA_DIR }), 'storage')
    const file = path.join(DATA_DIR, 'secret-key')
    chmodSync(file, 0o600)
    writeFileSync(file, content)
    expect(() => readSigningKeys(readConfig({ DATA_DIR }), 'storage')).toThrow(ConfigError)
  })
})

describe('signing keys', () => {
  const read = (env: Record<string, string>, purpose = 'storage') => readSigningKeys(readConfig(env), purpose).current

  test('differ by purpose and by secret', () => {
    expect(read({ SECRET_KEY: long }, 'storage')).not.toEqual(read({ SECRET_KEY: long }, 'sessions'))
    expect(read({ SECRET_KEY: long })).not.toEqual(read({ SECRET_KEY: `${long}b` }))
  })

  test('come from SECRET_KEY; from the Flask project’s secret only where there is no other', () => {
    expect(read({ SECRET_KEY: long, FLASK_SECRET: 'theirs' })).toEqual(read({ SECRET_KEY: long }))
    expect(read({ FLASK_SECRET: 'theirs' })).not.toEqual(read({ SECRET_KEY: long, FLASK_SECRET: 'theirs' }))
    expect(read({ FLASK_SECRET: 'theirs' })).toEqual(read({ FLASK_SECRET: 'theirs' }))
  })

  test('of former secrets are those that they signed with', () => {
    const { previous } = readSigningKeys(
      readConfig({ SECRET_KEY: long, SECRET_KEY_PREVIOUS: 'older, oldest' }),
      'storage',
    )
    expect(previous).toEqual([read({ FLASK_SECRET: 'older' }), read({ FLASK_SECRET: 'oldest' })])
  })
})

describe('a secret is refused at the start', () => {
  const check = (env: Record<string, string>) => () => checkSecrets(readConfig(env))
  const recipe = /node -p "require\('crypto'\)\.randomBytes\(32\)\.toString\('base64url'\)"/

  test.each<[string, Record<string, string>, RegExp]>([
    ['missing with Redis', { REDIS_URL: 'redis://a' }, /^SECRET_KEY: needed with Redis/],
    ['missing with a Cluster', { REDIS_CLUSTER_URLS: 'redis://a' }, /^SECRET_KEY: needed with Redis/],
    ['too short', { SECRET_KEY: 'b'.repeat(31) }, /^SECRET_KEY: too short/],
    ['too short with Redis', { REDIS_URL: 'redis://a', SECRET_KEY: 'secret' }, /^SECRET_KEY: too short/],
    ['of the documents', { FLASK_SECRET: 'your-secret-key-here' }, /^FLASK_SECRET: known to everybody/],
    ['the default of the Flask project', { FLASK_SECRET: 'dev-secret' }, /^FLASK_SECRET: known to everybody/],
    ['the same in capitals', { FLASK_SECRET: 'DEV-SECRET', SECRET_KEY: long }, /^FLASK_SECRET: known to everybody/],
  ])('that is %s, with the command that makes one', (_, env, message) => {
    expect(check(env)).toThrow(ConfigError)
    expect(check(env)).toThrow(message)
    expect(check(env)).toThrow(recipe)
  })

  test('that is a former one and known to everybody', () =>
    expect(check({ SECRET_KEY: long, SECRET_KEY_PREVIOUS: `${long}, dev-secret` })).toThrow(/^SECRET_KEY_PREVIOUS: /))

  test('and the cure for theirs leads to their data, not to an empty SQLite', () =>
    expect(check({ FLASK_SECRET: 'dev-secret' })).toThrow('redis://localhost:6379/0'))

  test('not: a long one, theirs, or none with the embedded engine', () => {
    for (const env of [
      { REDIS_URL: 'redis://a', SECRET_KEY: long },
      { FLASK_SECRET: 'a-flask-secret' },
      { FLASK_SECRET: 'a-flask-secret', SECRET_KEY: long },
      {},
    ]) {
      expect(check(env)).not.toThrow()
    }
  })
})

describe('a changed secret, on a server that keeps the bytes itself', () => {
  const [first, second] = ['1'.repeat(32), '2'.repeat(32)]

  /** Begins an upload under one secret, then puts its bytes under other settings; answers with the status. */
  async function putAfterRestart(env: Record<string, string>): Promise<{ put: number; complete: number }> {
    const DATA_DIR = newFolder()
    const before = await startTestApp({ DATA_DIR, SECRET_KEY: first! })
    const { apiKey } = await before.user()
    const body = { filename: 'a.png', mime_type: 'image/png' }
    const { iid, presigned_url: url } = await before.client(apiKey).uploads.request({ body })
    await before.stop()
    const after = await startTestApp({ DATA_DIR, ...env })
    const put = await after.fetch(url, {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(await pictures.png()),
    })
    const complete = await after.fetch('http://images.test/api/v1/upload/complete', {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-api-key': apiKey },
      body: JSON.stringify({ iid }),
    })
    await after.stop()
    return { put: put.status, complete: complete.status }
  }

  test('does not break addresses that the former one signed, where that is named', async () =>
    expect(await putAfterRestart({ SECRET_KEY: second!, SECRET_KEY_PREVIOUS: `${'0'.repeat(32)}, ${first}` })).toEqual({
      put: 200,
      complete: 201,
    }))

  test('ends them where it is not', async () =>
    expect(await putAfterRestart({ SECRET_KEY: second! })).toEqual({ put: 403, complete: 404 }))
})

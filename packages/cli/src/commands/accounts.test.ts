import { readFileSync, statSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { turnOnTwoFactor } from '../../../server/src/testing/two-factor.ts'
import { startTestCli, type TestCli } from '../testing/start-test-cli.ts'

let cli: TestCli
const password = 'a long and good one'
beforeAll(async () => {
  cli = await startTestCli()
  const body = { username: 'anna', password }
  await cli.app.client().accounts.register({ body })
})
afterAll(() => cli.stop())

const stored = () => JSON.parse(readFileSync(path.join(cli.configFolder, 'credentials.json'), 'utf8'))
const credentials = () => path.join(cli.configFolder, 'credentials.json')

describe('login', () => {
  test('asks for name and password, and keeps the key for its owner alone', async () => {
    const ran = await cli.run(['login', cli.host], { answers: ['anna', password], isRead: true })
    expect(ran).toMatchObject({ exitCode: 0, stdout: `anna at ${cli.host}`, stderr: 'User name: \nPassword: ' })
    expect(stored()).toEqual({ [cli.host]: { api_key: expect.stringMatching(/^ih_/), username: 'anna' } })
    expect(statSync(credentials()).mode & 0o777).toBe(0o600)
    expect(statSync(cli.configFolder).mode & 0o777).toBe(0o700)
    expect((await cli.run('whoami')).stdout).toBe(`anna at ${cli.host}\n0 images, 0 B`)
  })

  test('takes the password from stdin where nobody can be asked', async () => {
    const ran = await cli.run(['login', '-u', 'anna', '--password-stdin'], { input: `${password}\n` })
    expect(ran).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
  })

  test('a wrong password: 4, and what is stored stays', async () => {
    const before = stored()
    const ran = await cli.run('login -u anna --password-stdin', { input: 'wrong' })
    expect(ran).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('not the right name and password') })
    expect(stored()).toEqual(before)
  })

  test('--no-input never asks', async () => {
    const ran = await cli.run('login -u anna --no-input', { answers: [password] })
    expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('--password-stdin') })
  })

  test('a key made elsewhere, without a password', async () => {
    const { apiKey } = await cli.app.user()
    expect(await cli.run('login http://images.test --key-stdin', { input: `${apiKey}\n` })).toMatchObject({
      exitCode: 0,
    })
    expect(stored()[cli.host].api_key).toBe(apiKey)
    expect(await cli.run('login http://images.test --key-stdin', { input: 'wrong' })).toMatchObject({ exitCode: 4 })
    expect(stored()[cli.host].api_key).toBe(apiKey)
  })

  test('asks for the one-time code when the server does', async () => {
    const body = { username: 'otto', password }
    await cli.app.client().accounts.register({ body })
    const { code } = await turnOnTwoFactor(cli.app, body)
    expect(await cli.run('login -u otto', { answers: [password, code()] })).toMatchObject({
      exitCode: 0,
      stderr: 'Password: \nOne-time code: ',
    })
    cli.app.pass(30)
    const given = await cli.run(['login', '-u', 'otto', '--password-stdin', '--otp', code()], { input: password })
    expect(given.exitCode).toBe(0)
    const missing = await cli.run('login -u otto --password-stdin', { input: password })
    expect(missing).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(otp_required)') })
  })
})

describe('register', () => {
  test('asks twice for the password, and is logged in then', async () => {
    const different = await cli.run('register -u berta', { answers: [password, 'another one'] })
    expect(different).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('two different passwords') })
    expect(await cli.run('register -u berta', { answers: [password, password] })).toMatchObject({ exitCode: 0 })
    expect((await cli.run('whoami')).stdout).toContain('berta at ')
    const taken = await cli.run('register -u berta --password-stdin', { input: password })
    expect(taken).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('(conflict)') })
  })
})

describe('logout', () => {
  test('ends the key there and here', async () => {
    await cli.run('login -u anna --password-stdin', { input: password })
    const { api_key: key } = stored()[cli.host]
    expect(await cli.run('logout', { isRead: true })).toMatchObject({ exitCode: 0, stdout: /the key is revoked/ })
    expect(stored()).toEqual({})
    await expect(cli.app.client(key).accounts.me()).rejects.toMatchObject({ code: 'auth' })
    expect(await cli.run('logout')).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('No key is stored') })
  })

  test('a key made by hand may be in use elsewhere, and is only forgotten', async () => {
    const { apiKey, client } = await cli.app.user()
    const { key } = await client.keys.create({ body: { name: 'mine', scopes: ['account'] } })
    await cli.run('login http://images.test --key-stdin', { input: key })
    expect(JSON.parse((await cli.run('logout --json')).stdout)).toEqual({ host: cli.host, revoked: false })
    expect(await cli.app.client(key).accounts.me()).toMatchObject({ uid: expect.any(String) })
    expect(apiKey).not.toBe(key)
  })
})

describe('whose key counts', () => {
  test('the environment wins, and is never stored', async () => {
    await cli.run('login -u anna --password-stdin', { input: password })
    const { apiKey } = await cli.app.user()
    const env = { IMAGEHOST_API_KEY: apiKey, IMAGEHOST_URL: 'images.test' }
    const nowhere = await cli.run('whoami', { env: { ...env, IMAGEHOST_URL: 'http://images.test' } })
    expect(nowhere.stdout).not.toContain('anna')
    expect(JSON.stringify(stored())).not.toContain(apiKey)
  })

  test('what the command of the Flask project left is read, for its server and no other', async () => {
    const { apiKey } = await cli.app.user()
    await writeFile(path.join(cli.folder, '.imagehost_key'), `${apiKey}\n`)
    const env = { BASE_URL: 'http://images.test/', IMAGEHOST_CONFIG_DIR: path.join(cli.folder, 'empty') }
    expect(await cli.run('whoami', { env })).toMatchObject({ exitCode: 0 })
    expect(await cli.run('whoami', { env: { ...env, BASE_URL: '', IMAGEHOST_URL: cli.host } })).toMatchObject({
      exitCode: 4,
    })
    expect(await cli.run('whoami --host http://other.test', { env })).toMatchObject({ exitCode: 4 })
  })

  test('several servers are kept, and the last login is the usual one', async () => {
    await cli.run('login -u anna --password-stdin', { input: password })
    const { api_key: key } = stored()[cli.host]
    await writeFile(credentials(), JSON.stringify({ ...stored(), 'https://other.test': { api_key: 'x' } }))
    await cli.run('config set host other.test')
    expect((await cli.run('config get host')).stdout).toBe('https://other.test')
    expect((await cli.run('whoami --host http://images.test')).stdout).toContain('anna')
    await cli.run('config unset host')
    expect((await cli.run('config ls')).stdout).toBe('')
    expect(stored()[cli.host].api_key).toBe(key)
    await cli.run(['config', 'set', 'host', cli.host])
  })

  test('people are warned of a file that others can read; programs, which take any word for a failure, are not', async () => {
    await chmod(credentials(), 0o644)
    expect((await cli.run('whoami', { isWatched: true })).stderr).toContain('Others can read')
    expect((await cli.run('whoami')).stderr).toBe('')
    const { stdout, exitCode } = await cli.run('doctor')
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^bad {2}files .*chmod 600/m)
    await chmod(credentials(), 0o600)
  })

  test('a file that was damaged says so', async () => {
    await writeFile(path.join(cli.configFolder, 'config.json'), '{')
    const ran = await cli.run('whoami')
    expect(ran).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('config.json is no JSON.') })
    await writeFile(path.join(cli.configFolder, 'config.json'), JSON.stringify({ host: cli.host }))
  })
})

describe('doctor', () => {
  test('says what is well, and that a key does not belong on plain http', async () => {
    const { stdout, exitCode } = await cli.run('doctor')
    expect(exitCode).toBe(1)
    expect(stdout.match(/^bad/gm)).toHaveLength(1)
    expect(stdout).toMatch(/^bad {2}line {7}http sends your key in the clear/m)
    expect(stdout).toMatch(/^ok {3}clock/m)
    expect(stdout).toMatch(/^ok {3}server {5}http:\/\/images\.test answers after \d+ ms$/m)
    expect(stdout).toMatch(/^ok {3}key {8}the stored key is one of anna$/m)
  })

  test('a server that is not there: 1, and why', async () => {
    const { stdout, exitCode } = await cli.run('doctor', {
      env: { IMAGEHOST_CONFIG_DIR: path.join(cli.folder, 'none') },
    })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^bad {2}server {5}No server is set/m)
    const wrong = await cli.run('doctor --json', { env: { IMAGEHOST_API_KEY: 'wrong' } })
    expect(wrong.stdout.split('\n').map((line) => JSON.parse(line))).toContainEqual({
      check: 'key',
      state: 'bad',
      words: expect.stringContaining('IMAGEHOST_API_KEY: '),
    })
  })
})

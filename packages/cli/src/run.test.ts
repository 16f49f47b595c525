import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commands } from './commands.ts'
import { startTestCli, type TestCli } from './testing/start-test-cli.ts'

let cli: TestCli
beforeAll(async () => {
  cli = await startTestCli()
})
afterAll(() => cli.stop())

describe('a command line that is not understood ends with 2 and says what was meant', () => {
  test.each([
    ['uplaod cat.jpg', 'There is no command uplaod.', 'Did you mean upload?'],
    ['frobnicate', 'There is no command frobnicate.', '`imagehost help` lists them.'],
    ['--json upload', 'There is no command --json.', 'Options come after the command'],
    ['upload --titel x cat.jpg', 'There is no option --titel.', 'Did you mean --title?'],
    ['upload --title', '--title needs a value: --title TEXT'],
    ['upload --copy=yes cat.jpg', '--copy takes no value.'],
    [
      'upload --visibility privat cat.jpg',
      '--visibility is one of public, unlisted, private.',
      'Did you mean private?',
    ],
    ['upload', 'What shall be uploaded?', 'imagehost upload FILE…'],
    ['upload - -', 'stdin (-) can be read only once.'],
    ['upload --expires 7 cat.jpg', '7 is no time.', 'Such as 30m, 12h, 7d, 2w or 1y'],
    ['upload --concurrency 99 cat.jpg', '--concurrency is a number from 1 to 32.'],
    ['show', 'Usage: imagehost show IMAGE…'],
    ['show cat', 'cat is no image.', 'Give its id, img_…, or its link.'],
    ['ls --limit many', '--limit is a number of images.'],
    ['config set colour red', 'There is no setting colour.'],
    ['config set format pdf', 'format is one of url, markdown, html, bbcode, json.'],
    ['config set host ://', ':// is no address of a server.'],
    ['completion powershell', 'There are completions for bash, zsh, fish.'],
    ['key create screenshots', 'What may the key do?'],
    ['login https://img.example.org', 'A user name is needed, and nobody can be asked.', 'Give it by --username.'],
    ['help uplaod', 'There is no command uplaod.', 'Did you mean upload?'],
  ])('%s', async (line, ...words) => {
    const { exitCode, stdout, stderr } = await cli.run(line)
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    for (const part of words) expect(stderr).toContain(part)
  })
})

describe('help', () => {
  test('names every command, and begins with examples', async () => {
    const { stdout, exitCode } = await cli.run('')
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Examples:/)
    for (const name of Object.keys(commands)) expect(stdout).toContain(`\n  ${name} `)
  })

  test.each(Object.keys(commands))('%s --help begins with examples, and shows every option', async (name) => {
    const { stdout, exitCode } = await cli.run(`${name} --help`)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Examples:\n {2}imagehost /)
    expect(stdout).toContain(`Usage: imagehost ${name}`)
    for (const option of Object.keys((await commands[name]!.load()).options)) expect(stdout).toContain(`--${option}`)
    expect((await cli.run(`help ${name}`)).stdout).toBe(stdout)
  })

  test('exit codes are documented', async () => {
    const { stdout } = await cli.run('help exit-codes')
    expect(stdout.split('\n').map((line) => Number(line.trim().split(' ')[0]))).toEqual([0, 1, 2, 4, 130])
    expect((await cli.run('help environment')).stdout).toContain('IMAGEHOST_API_KEY')
  })

  test('--version', async () => {
    expect(await cli.run('--version')).toMatchObject({ stdout: expect.stringMatching(/^imagehost \d+\.\d+\.\d+$/) })
  })
})

describe('without a key', () => {
  test('no server: 4, and how to begin', async () => {
    const { exitCode, stderr } = await cli.run('whoami')
    expect(exitCode).toBe(4)
    expect(stderr).toBe(
      'imagehost: No server is set. Say which: `imagehost login https://…`. (auth)\n' +
        '  Log in with `imagehost login`, or set IMAGEHOST_API_KEY.',
    )
  })

  test('a server that asks for one: 4', async () => {
    const { exitCode, stderr } = await cli.run('whoami', { env: { IMAGEHOST_URL: cli.host } })
    expect(exitCode).toBe(4)
    expect(stderr).toContain('(auth)')
  })

  test('a wrong one: 4, and a narrow one too', async () => {
    const env = { IMAGEHOST_URL: cli.host, IMAGEHOST_API_KEY: 'wrong' }
    expect(await cli.run('ls', { env })).toMatchObject({ exitCode: 4, stdout: '' })
    const { apiKey, client } = await cli.app.user()
    const { key } = await client.keys.create({ body: { name: 'narrow', scopes: ['upload'] } })
    const narrow = await cli.run('ls', { env: { ...env, IMAGEHOST_API_KEY: key } })
    expect(narrow).toMatchObject({ exitCode: 4, stderr: expect.stringContaining('(insufficient_scope)') })
    expect(await cli.run('ls', { env: { ...env, IMAGEHOST_API_KEY: apiKey } })).toMatchObject({ exitCode: 0 })
  })
})

test('-v shows each exchange, and no key', async () => {
  const { apiKey } = await cli.app.user()
  const env = { IMAGEHOST_URL: cli.host, IMAGEHOST_API_KEY: apiKey }
  const { stderr } = await cli.run('ls -v', { env })
  expect(stderr).toContain('> GET http://images.test/api/v1/me/images?limit=50')
  expect(stderr).toMatch(/< 200 after \d+ ms/)
  expect(stderr).toContain('x-api-key: ih_')
  expect(stderr).not.toContain(apiKey)
})

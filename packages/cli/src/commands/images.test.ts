import { chmod, mkdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pictures } from '../../../server/src/testing/pictures.ts'
import { startTestCli, type TestCli } from '../testing/start-test-cli.ts'

let cli: TestCli
const links: string[] = []
beforeAll(async () => {
  cli = await startTestCli()
  await cli.logIn()
  for (let seed = 0; seed < 5; seed++) {
    const file = await cli.file(`picture ${seed}.png`, await pictures.png({ seed }))
    const tag = seed % 2 === 0 ? 'even' : 'odd'
    links.push((await cli.run(['upload', file, '--tag', tag])).stdout)
    cli.app.pass(60)
  }
})
afterAll(() => cli.stop())

const idOf = (link: string) => /img_\w+/.exec(link)![0]

describe('ls', () => {
  test('newest first: columns for people, tabs for programs, JSON a line each', async () => {
    const read = (await cli.run('ls', { isRead: true })).stdout.split('\n')
    expect(read).toHaveLength(5)
    expect(read[0]).toMatch(/^img_\w+ {2}2026-01-15 12:04 {2}[\d.]+ k?B {2}unlisted {2}picture 4\.png$/)
    const piped = (await cli.run('ls')).stdout.split('\n').map((line) => line.split('\t'))
    expect(piped.map(([id]) => id)).toEqual(links.toReversed().map(idOf))
    const items = (await cli.run('ls --json')).stdout.split('\n').map((line) => JSON.parse(line))
    expect(items.map(({ url }) => url)).toEqual(links.toReversed())
  })

  test.each([
    ['ls --tag odd', [3, 1]],
    ['ls picture 2', [2]],
    ['ls -n 2', [4, 3]],
    ['ls --all --visibility unlisted', [4, 3, 2, 1, 0]],
    ['ls --visibility private', []],
    ['ls --month 2026-01 --sort created_at -n 1', [4]],
  ])('%s', async (line, expected) => {
    const { stdout, exitCode } = await cli.run(`${line} --format url`)
    expect(exitCode).toBe(0)
    expect(stdout.split('\n').filter(Boolean)).toEqual(expected.map((place) => links[place]))
  })

  test('goes on over pages, and asks for no more than is wanted', async () => {
    const { stderr, stdout } = await cli.run('ls --limit 3 -v --format url')
    expect(stdout.split('\n')).toHaveLength(3)
    expect(stderr.match(/> GET/g)).toHaveLength(1)
  })

  test('a name cannot command the terminal', async () => {
    const { client } = await cli.app.user('evil')
    const { key } = await client.keys.create({ body: { name: 'k', scopes: ['images:read', 'images:write'] } })
    const image = await cli.run(
      ['upload', await cli.file('a.png', await pictures.png({ seed: 9 })), '--title', 'x\x1b]0;owned\x07'],
      {
        env: { IMAGEHOST_API_KEY: key },
      },
    )
    const { stdout } = await cli.run(['show', image.stdout], { env: { IMAGEHOST_API_KEY: key } })
    expect(stdout).toContain('title       x?]0;owned?')
    expect(stdout).not.toMatch(/[\x1b\x07]/)
  })
})

describe('show', () => {
  test('facts, by link or id', async () => {
    const { stdout } = await cli.run(['show', links[0]!])
    expect(stdout).toContain('name        picture 0.png')
    expect(stdout).toContain(`link        ${links[0]}`)
    expect(stdout).toContain('tags        even')
    expect((await cli.run(['show', idOf(links[0]!)])).stdout).toBe(stdout)
  })

  test('what is not there', async () => {
    const { exitCode, stderr } = await cli.run('show img_nothing')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('(not_found)')
  })
})

describe('rm and restore', () => {
  test('asks on a terminal; no means no', async () => {
    const ran = await cli.run(['rm', links[1]!], { answers: ['n'] })
    expect(ran).toMatchObject({ exitCode: 1, stdout: '' })
    expect(ran.stderr).toMatch(/^Move img_\w+ at http:\/\/images\.test to the trash\? \[y\/N\] \n/)
    expect((await cli.run(['show', links[1]!])).exitCode).toBe(0)
  })

  test('does nothing without --yes where nobody can be asked', async () => {
    const ran = await cli.run(['rm', links[1]!])
    expect(ran).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Say --yes') })
    expect((await cli.run(['show', links[1]!])).exitCode).toBe(0)
  })

  test('into the trash, and back', async () => {
    expect(await cli.run(['rm', links[1]!, links[2]!], { answers: ['y'] })).toMatchObject({
      exitCode: 0,
      stdout: `${idOf(links[1]!)}\n${idOf(links[2]!)}`,
    })
    expect((await cli.run(['show', links[1]!])).exitCode).toBe(1)
    expect((await cli.run('ls --trash')).stdout.split('\n')).toHaveLength(2)
    expect(await cli.run(['restore', links[1]!])).toMatchObject({ exitCode: 0, stdout: links[1] })
    expect((await cli.run(['show', links[1]!])).exitCode).toBe(0)
  })

  test('for good; one that fails does not keep the others', async () => {
    const { exitCode, stdout, stderr } = await cli.run(['rm', '--permanent', '--yes', 'img_nothing', links[3]!])
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: idOf(links[3]!) })
    expect(stderr).toContain('imagehost: img_nothing: ')
    expect((await cli.run(['restore', links[3]!])).exitCode).toBe(1)
  })
})

test('open starts the browser that is set, with the address and nothing of a shell', async () => {
  const bin = path.join(cli.folder, 'bin')
  await mkdir(bin)
  await cli.file(
    'bin/browser',
    `#!/bin/sh\nprintf %s "$*" > "${cli.folder}/opened.tmp" && mv "${cli.folder}/opened.tmp" "${cli.folder}/opened"\n`,
  )
  await chmod(path.join(bin, 'browser'), 0o755)
  expect(await cli.run(['open', links[0]!], { env: { BROWSER: path.join(bin, 'browser') } })).toMatchObject({
    exitCode: 0,
  })
  await expect
    .poll(() => readFile(path.join(cli.folder, 'opened'), 'utf8').catch(() => ''))
    .toBe(links[0]!.replace('/i/', '/v/').replace('.png', ''))
  expect(await cli.run('open', { env: { PATH: bin } })).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining('Set BROWSER'),
  })
})

test('keys: made, listed, revoked', async () => {
  const { stdout: secret } = await cli.run(['key', 'create', 'screen shots', '--scope', 'upload', '--expires', '90d'])
  expect(secret).toMatch(/^ih_\w+$/)
  const listed = (await cli.run('key ls --json')).stdout.split('\n').map((line) => JSON.parse(line))
  const made = listed.find(({ name }) => name === 'screen shots')
  expect(made).toMatchObject({ scopes: ['upload'], expires_at: expect.any(Number) })
  expect((await cli.run('key ls')).stdout).toContain('screen shots\tupload\tnever used')
  expect(await cli.run(`key rm ${made.id}`)).toMatchObject({ exitCode: 2 })
  expect(await cli.run(`key rm ${made.id} --yes`)).toMatchObject({ exitCode: 0, stdout: made.id })
  expect((await cli.run('key ls')).stdout).not.toContain('screen shots')
})

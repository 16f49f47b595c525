import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bareEnvironment } from '../../server/src/testing/bare-environment.ts'
import { pictures } from '../../server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from '../../server/src/testing/start-server-process.ts'
import { describeExecutable } from './executable.conformance.ts'
import { executable, startCliProcess, startInTerminal } from './testing/start-cli-process.ts'

describeExecutable('the embedded engines', async () => ({}))

let server: ServerProcess
let folder: string
let key: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imagehost-cli-'))
  server = await startServerProcess()
  const issued = await fetch(`${server.url}/api/v1/dev/issue-key`, { method: 'POST' })
  key = (await issued.json()).api_key
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true })
})

const environment = () => ({ HOME: folder, IMAGEHOST_URL: server.url, IMAGEHOST_API_KEY: key })
const command = executable.map((word) => `'${word}'`).join(' ')
const shell = (line: string, program = 'bash') =>
  promisify(execFile)(program, ['-c', line], { env: { ...bareEnvironment, ...environment() }, timeout: 20_000 })

/** A server that takes requests and never answers. */
async function startSilent() {
  const server = createServer(() => {})
  const asked = once(server, 'request')
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () => {
    server.closeAllConnections()
    server.close()
  }
  return { url, asked, [Symbol.dispose]: close }
}

describe('in a terminal', () => {
  test('asks for name and password, and shows no letter of the password', async () => {
    const terminal = startInTerminal(['register', server.url], { HOME: folder })
    await terminal.said(/User name: /)
    terminal.type('berta\r')
    await terminal.said(/Password: /)
    terminal.type('a long and good one\r')
    await terminal.said(/Once more: /)
    terminal.type('a long and good one\r')
    const { exitCode, stdout } = await terminal.ended
    expect(exitCode).toBe(0)
    expect(stdout).toContain(`berta at ${server.url}`)
    expect(stdout).not.toContain('good one')
    expect(await readFile(path.join(folder, '.config/imagehost/credentials.json'), 'utf8')).toContain('berta')
  })

  test('Ctrl-C at the prompt: 130, and nothing is stored', async () => {
    const home = await mkdtemp(path.join(folder, 'home-'))
    const terminal = startInTerminal(['login', server.url, '-u', 'berta'], { HOME: home })
    await terminal.said(/Password: /)
    terminal.type('half\x03')
    expect(await terminal.ended).toMatchObject({ exitCode: 130 })
    await expect(readFile(path.join(home, '.config/imagehost/credentials.json'))).rejects.toThrow('ENOENT')
  })

  test('Ctrl-C in an upload: 130 at once, although the server says nothing', async () => {
    using silent = await startSilent()
    const file = path.join(folder, 'cat.png')
    await writeFile(file, await pictures.png({ seed: 1 }))
    const terminal = startInTerminal(['upload', file, '--host', silent.url], environment())
    await silent.asked
    const started = performance.now()
    terminal.type('\x03')
    const { exitCode, stdout } = await terminal.ended
    expect(exitCode).toBe(130)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(stdout).not.toMatch(/imagehost:|Error/)
  })

  test('shows how far it is, and takes that line away again; a dumb terminal is spared', async () => {
    const file = path.join(folder, 'cat.png')
    await writeFile(file, await pictures.png({ seed: 2 }))
    const { stdout, exitCode } = await startInTerminal(['upload', file], environment()).ended
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/cat\.png {2}0% of/)
    const dumb = await startInTerminal(['upload', file], { ...environment(), TERM: 'dumb' }).ended
    expect(dumb.stdout).toMatch(/^http:\/\/\S+\r\n$/)
  })

  test.each([
    [{}, true],
    [{ NO_COLOR: '1' }, false],
    [{ TERM: 'dumb' }, false],
    [{ TERM: 'dumb', FORCE_COLOR: '1' }, true],
  ])('colours with %j: %s', async (env, isPainted) => {
    const { stdout } = await startInTerminal(['show', 'cat'], { ...environment(), ...env }).ended
    expect(stdout.includes('\x1b[31mimagehost:')).toBe(isPainted)
  })
})

describe('in a pipe', () => {
  test('nothing on stderr, and only the links on stdout', async () => {
    await writeFile(path.join(folder, 'dog.png'), await pictures.png({ seed: 3 }))
    const { stdout, stderr } = await shell(`${command} upload '${folder}/dog.png' '${folder}/dog.png'`)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^(http:\/\/\S+\n){2}$/)
  })

  test('a clipboard program that stays in the background does not keep it there', async () => {
    const bin = await mkdtemp(path.join(folder, 'bin-'))
    await writeFile(path.join(bin, 'xclip'), `#!/bin/sh\ncat > '${bin}/copied'\nsleep 60 &\n`, { mode: 0o755 })
    const env = { ...environment(), PATH: `${bin}:${process.env.PATH}`, DISPLAY: ':9' }
    const copying = startCliProcess(['upload', '-', '--copy'], env)
    copying.end(await pictures.png({ seed: 5 }))
    const { exitCode, stdout } = await copying.ended
    expect({ exitCode, stdout: stdout.trim() }).toEqual({
      exitCode: 0,
      stdout: await readFile(path.join(bin, 'copied'), 'utf8'),
    })
  })

  test('whoever has read enough may go: no noise, exit 0', async () => {
    const { stdout, stderr } = await shell(`${command} completion bash | true; echo "\${PIPESTATUS[0]}"`)
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' })
  })

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 130, without a word', async (signal) => {
    using silent = await startSilent()
    const waiting = startCliProcess(['ls', '--host', silent.url], environment())
    await silent.asked
    waiting.kill(signal)
    expect(await waiting.ended).toEqual({ exitCode: 130, stdout: '', stderr: '' })
  })
})

describe('completions', () => {
  const bash = async (words: string) => {
    const place = words.split(' ').length - 1
    const line = `COMP_WORDS=(${words.replace(/ $/, " ''")}); COMP_CWORD=${place}; _imagehost; echo "\${COMPREPLY[*]}"`
    return (await shell(`eval "$(${command} completion bash)"; ${line}`)).stdout.trim()
  }

  test.each([
    ['imagehost up', 'upload'],
    ['imagehost upload --vis', '--visibility'],
    ['imagehost upload --visibility p', 'public private'],
    ['imagehost key c', 'create'],
    ['imagehost completion f', 'fish'],
    ['imagehost help exit', 'exit-codes'],
  ])('bash: %s', async (words, expected) => expect(await bash(words)).toBe(expected))

  test('zsh knows the function, and it offers commands, options and choices', async () => {
    const script = `autoload -U compinit; compinit -D -u; eval "$(${command} completion zsh)"; print $_comps[imagehost]
      compadd() { shift; print -r -- "$*" }
      words=(imagehost key ''); CURRENT=3; _imagehost
      words=(imagehost upload --visibility ''); CURRENT=4; _imagehost`
    const { stdout, stderr } = await shell(script, 'zsh')
    expect(stderr).toBe('')
    const [name, ofKey, choices] = stdout.split('\n')
    expect(name).toBe('_imagehost')
    expect(ofKey).toMatch(/^ls create rm --scope/)
    expect(choices).toBe('public unlisted private')
  })

  test('fish offers commands, options and choices', async () => {
    const { stdout, stderr } = await shell(
      `${command} completion fish | source; complete -C 'imagehost up'; complete -C 'imagehost upload --visibility p'`,
      'fish',
    )
    expect(stderr).toBe('')
    expect(stdout).toMatch(/^upload\tUpload pictures/)
    expect(stdout).toContain('private')
  })
})

test('picgo-server answers as PicGo does: paths, files, and what fails', async () => {
  const file = path.join(folder, 'note.png')
  await writeFile(file, await pictures.png({ seed: 7 }))
  const terminal = startInTerminal(['picgo-server', '--port', '0'], environment())
  const [, url] = await terminal.said(/Listening at (http:\S+) for /)
  const post = async (body: BodyInit, headers: Record<string, string> = {}) =>
    (await fetch(url!, { method: 'POST', body, headers })).json()
  const ofPaths = await post(JSON.stringify({ list: [file, file] }), { 'content-type': 'application/json' })
  expect(ofPaths).toMatchObject({
    success: true,
    result: [expect.stringMatching(/^http:/), expect.stringMatching(/^http:/)],
  })
  const form = new FormData()
  // Obsidian's plug-in sends the whole local path as the name.
  form.append('list', new File([new Uint8Array(await pictures.png({ seed: 8 }))], '/home/me/vault/shot.png'))
  const { result } = await post(form)
  expect((await fetch(result[0])).status).toBe(200)
  const failed = await post(JSON.stringify({ list: [file, '/absent.png'] }), { 'content-type': 'application/json' })
  expect(failed).toEqual({ success: false, result: [], message: expect.stringContaining('absent.png') })
  for (const path of ['https://img.test/a.png', '-']) {
    expect(await post(JSON.stringify({ list: [path] }))).toMatchObject({ success: false })
  }
  terminal.type('\x03')
  expect(await terminal.ended).toMatchObject({ exitCode: 130 })
})

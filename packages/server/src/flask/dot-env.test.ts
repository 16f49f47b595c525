import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseEnv } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readConfig } from '../config.ts'
import { checkSecrets } from '../secrets.ts'
import { bareEnvironment } from '../testing/bare-environment.ts'

const fixture = fileURLToPath(new URL('../testing/fixtures/flask.env', import.meta.url))
const main = fileURLToPath(new URL('../main.ts', import.meta.url))
const theirs = parseEnv(readFileSync(fixture, 'utf8')) as Record<string, string>

let directory: string
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'imagehost-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

describe('the .env of the Flask project', () => {
  test('is read whole: each of its variables is one of ours', () => {
    const config = readConfig(theirs)
    checkSecrets(config)
    expect(config).toMatchObject({
      PORT: 80,
      FLASK_SECRET: 'a-flask-secret',
      REDIS_URL: 'redis://localhost:6379/0',
      AWS_REGION: 'us-east-1',
      AWS_S3_BUCKET_NAME: 'your-bucket-name',
      AWS_ACCESS_KEY_ID: 'your-access-key',
      AWS_SECRET_ACCESS_KEY: 'your-secret-key',
      notices: ['FLASK_DEBUG is not used any more; LOG_LEVEL=debug replaces it.'],
    })
    expect(Object.keys(theirs).filter((name) => !(name in config))).toEqual([])
  })

  test('without REDIS_URL still means Redis', () => {
    const { REDIS_URL: _, ...rest } = theirs
    expect(readConfig(rest).REDIS_URL).toBe('redis://localhost:6379/0')
  })

  test('as a file beside the server is read by the server itself, and the environment wins', async () => {
    copyFileSync(fixture, path.join(directory, '.env'))
    // Neither their Redis nor their bucket is here: what the server says it cannot reach is what it has read.
    const port = await closedPort()
    const { code, said } = await run({ REDIS_URL: `redis://:hunter2@127.0.0.1:${port}/0` })
    expect(code).toBe(1)
    expect(said).toMatch(/^ImageHost did not start\.\nREDIS_URL: no connection to Redis at /)
    expect(said).toContain(`127.0.0.1:${port}`)
    expect(said).toContain('See that it runs (redis-server)')
    expect(said).not.toMatch(/ {4}at |hunter2/)
    rmSync(path.join(directory, '.env'))
  })

  test.each(['your-secret-key-here', 'dev-secret'])(
    'with the secret %s starts nothing and says the cure',
    async (secret) => {
      writeFileSync(path.join(directory, '.env'), readFileSync(fixture, 'utf8').replace('a-flask-secret', secret))
      const { code, said } = await run({})
      expect(code).toBe(1)
      expect(said).toMatch(/^ImageHost did not start\.\nFLASK_SECRET: known to everybody.* set SECRET_KEY \(node -p /)
      rmSync(path.join(directory, '.env'))
    },
  )
})

describe('their PORT=80', () => {
  /** Containers often open all ports to everybody. */
  const isOpen = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) <= 80
  const opened = /^ {2}ImageHost {2}http:\/\/localhost:80$/m
  const taken = /^PORT: 80 is taken by another program\. Set another PORT, such as 81\.$/m
  const forbidden =
    /^PORT: 80 needs root on this machine\. Set PORT=8000 \(nginx in front listens on 80\), .* sudo sysctl net\.ipv4\.ip_unprivileged_port_start=80$/m

  test.each([
    ['anybody', false],
    ['whoever runs this', true],
  ])('for %s is opened, or the answer says what is in the way and the cure', async (_, isPrivileged) => {
    const may = isOpen || (process.getuid!() === 0 && isPrivileged)
    const expected = may ? ((await isTaken(80)) ? taken : opened) : forbidden
    const { code, said } = await run({ PORT: '80', FLASK_DEBUG: '1' }, isPrivileged)
    expect(said).toMatch(expected)
    expect(said).not.toContain('    at ')
    expect(code).toBe(expected === opened ? 0 : 1)
  })

  test('is only one of the ports that may be taken, and that is said', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    const { port } = other.address() as { port: number }
    const { code, said } = await run({ PORT: String(port) })
    expect({ code, said }).toEqual({
      code: 1,
      said: `ImageHost did not start.\nPORT: ${port} is taken by another program. Set another PORT, such as ${port + 1}.\n`,
    })
    other.close()
  })

  test('may stand beside FLASK_DEBUG, which is answered with one line', async () => {
    const { said } = await run({ PORT: '0', FLASK_DEBUG: '1' })
    expect(said).toContain('  Note       FLASK_DEBUG is not used any more; LOG_LEVEL=debug replaces it.\n')
  })
})

/** Runs the server in the folder until it is up (then it is ended) or has given up; without root's right to low ports unless told. */
async function run(env: Record<string, string>, isPrivileged = false): Promise<{ code: number | null; said: string }> {
  const isRoot = process.getuid!() === 0
  // Still root otherwise: another user may not be allowed to read where this is checked out.
  const without = '-net_bind_service'
  const user = isRoot && !isPrivileged ? ['--bounding-set', without, '--inh-caps', without] : []
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...user, process.execPath, main], {
    cwd: directory,
    env: { ...bareEnvironment, LOG_LEVEL: 'silent', DATA_DIR: path.join(directory, 'data'), ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said += text
    if (said.includes('Stop with Ctrl-C.')) child.kill('SIGTERM')
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, said }
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

async function isTaken(port: number): Promise<boolean> {
  const server = createServer()
  const [outcome] = await Promise.race([
    once(server.listen(port, '127.0.0.1'), 'listening').then(() => ['free']),
    once(server, 'error').then(([error]) => [(error as NodeJS.ErrnoException).code]),
  ])
  server.close()
  return outcome === 'EADDRINUSE'
}

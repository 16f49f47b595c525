import { spawnSync } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './testing/shell.ts'

test('shellcheck finds nothing in any script', { timeout: 60_000 }, () => {
  const scripts = ['deploy.sh', 'down.sh', 'deploy/imagehost-server', 'deploy/try-in-debian.sh']
  const { stdout, status } = spawnSync('shellcheck', ['-x', '-a', ...scripts], { cwd: root, encoding: 'utf8' })
  expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
})

test('an option without its value ends the run before anything is begun', () => {
  const { status, stderr } = spawnSync('bash', ['--norc', path.join(root, 'deploy.sh'), '--domain'], {
    encoding: 'utf8',
  })
  expect({ status, stderr }).toEqual({ status: 1, stderr: '!! --domain needs a value; see ./deploy.sh --help.\n' })
})

test('a rehearsal shows all files and changes none', () => {
  const run = spawnSync('bash', ['--norc', path.join(root, 'deploy.sh'), '--dry-run', '--env', '/nowhere'], {
    encoding: 'utf8',
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
  })
  expect(run).toMatchObject({ status: 0, stderr: '' })
  for (const name of ['/etc/systemd/system/imagehost@.service', '/etc/nginx/conf.d/imagehost.conf'])
    expect(run.stdout).toContain(`---- ${name}`)
  expect(run.stdout).toMatch(/Nothing was changed\.\n$/)
})

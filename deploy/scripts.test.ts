import { spawnSync } from 'node:child_process'
import { globSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { root } from './testing/shell.ts'

test('shellcheck finds nothing in any script', { timeout: 200_000 }, () => {
  const scripts = ['deploy.sh', 'down.sh', 'deploy/imagehost-server', 'deploy/balancer.sh', 'deploy/try-in-debian.sh']
  const parts = globSync('deploy/**/*.sh', { cwd: root })
  // As one, where a variable that no part sets is found; and each by itself, as an editor does it.
  for (const given of [
    ['--norc', '-x', '-a', ...scripts],
    [...scripts, ...parts],
  ]) {
    const { stdout, status } = spawnSync('shellcheck', given, { cwd: root, encoding: 'utf8' })
    expect({ stdout, status }).toEqual({ stdout: '', status: 0 })
  }
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

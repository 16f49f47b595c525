import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Programs that tests need beside npm's packages, and the Debian packages that bring them. */
const programs: Readonly<Record<string, string>> = {
  'redis-server': 'redis-server',
  'redis-cli': 'redis-tools',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
  clamd: 'clamav-daemon',
  nginx: 'nginx-light',
  setpriv: 'util-linux',
  curl: 'curl',
  unzip: 'unzip',
  chromium: 'chromium',
  script: 'bsdutils',
  zsh: 'zsh',
  fish: 'fish',
  shellcheck: 'shellcheck',
  'systemd-analyze': 'systemd',
  openssl: 'openssl',
}

/** Programs that are missing, after installing them where that is possible: as root on a Debian system. */
export function installMissing(): { programs: string[]; packages: string[] } {
  const before = missing()
  if (before.programs.length > 0 && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`Installing Debian packages for the tests: ${before.packages.join(' ')}\n`)
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: ['ignore', 'ignore', 'inherit'], env })
    const args = ['install', '-y', '-qq', '--no-install-recommends', ...before.packages]
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env })
  }
  return missing()
}

function missing(): { programs: string[]; packages: string[] } {
  const names = Object.keys(programs).filter((name) => spawnSync('which', [name]).status !== 0)
  return { programs: names, packages: names.map((name) => programs[name]!) }
}

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** What measures and is measured against, with the Debian packages that bring it. */
const programs: Readonly<Record<string, string>> = {
  wrk: 'wrk',
  nginx: 'nginx-light',
  'redis-server': 'redis-server',
  'ceph-mon': 'ceph-mon',
  'ceph-osd': 'ceph-osd',
  radosgw: 'radosgw',
  setpriv: 'util-linux',
  chromium: 'chromium',
}

/** Installs what is missing where that is possible, as root on Debian; else throws with the command that does it. */
export function ensurePrograms(): void {
  const packages = missingPackages()
  if (packages.length === 0) return
  const command = ['apt-get', 'install', '-y', '-qq', '--no-install-recommends', ...packages]
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write(`Installing Debian packages for the benchmarks: ${packages.join(' ')}\n`)
    // The nginx of the package must not take port 80.
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }
    spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore', env, timeout: 120_000 })
    spawnSync(command[0]!, command.slice(1), { stdio: ['ignore', 'ignore', 'inherit'], env, timeout: 300_000 })
  }
  if (missingPackages().length > 0) throw new Error(`Programs are missing: ${command.join(' ')}`)
}

function missingPackages(): string[] {
  const isThere = (name: string) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${name}`]).status === 0
  return Object.keys(programs).flatMap((name) => (isThere(name) ? [] : [programs[name]!]))
}

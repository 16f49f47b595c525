import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import path from 'node:path'

/** Debian's packages with real photographs, and where those lie in them; what else they hold is drawn. */
const packages = {
  'mate-backgrounds': 'mate/nature/*.jpg',
  'lomiri-wallpapers-16.04': '*_by_*.jpg',
}

const howToGiveThem =
  'No photographs: this needs apt-get and dpkg-deb (Debian). Elsewhere give a folder of a dozen or more: --photographs DIR'

/** Files of real photographs: those of a folder, or out of Debian's packages, fetched into `scratch`. Throws where there are none. */
export function findPhotographs(scratch: string, folder?: string): string[] {
  const found =
    folder === undefined ? fetchFromDebian(scratch) : globSync(path.join(folder, '**/*.{jpg,jpeg,png,webp}'))
  if (found.length === 0) throw new Error(folder === undefined ? howToGiveThem : `No photographs in ${folder}.`)
  return found.sort()
}

function fetchFromDebian(scratch: string): string[] {
  if (!existsSync('/usr/bin/apt-get')) return []
  run(scratch, 'apt-get', 'download', '-qq', ...Object.keys(packages))
  for (const archive of globSync(path.join(scratch, '*.deb'))) run(scratch, 'dpkg-deb', '-x', archive, scratch)
  return Object.values(packages).flatMap((files) => globSync(path.join(scratch, 'usr/share/backgrounds', files)))
}

function run(cwd: string, program: string, ...args: string[]): void {
  // apt warns of a folder that its own user cannot read; the answer is whether the files are there.
  const { status } = spawnSync(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: 300_000 })
  if (status !== 0) throw new Error(howToGiveThem)
}

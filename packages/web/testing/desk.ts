import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'

interface Desk {
  /** Runs a script as a program of the desktop would, with a picture as its first argument. */
  run(script: string): Promise<{ printed: string; copied: string }>
  clear(): Promise<void>
}

/** A desktop of which this picture is what the screen shows: Flameshot and a clipboard, as far as scripts see them. */
export async function createDesk(picture: Buffer): Promise<Desk> {
  const directory = await mkdtemp(path.join(tmpdir(), 'desk-'))
  const at = (name: string) => path.join(directory, name)
  const programs = {
    flameshot: `exec cat '${at('picture.png')}'`,
    xclip: `exec cat > '${at('clipboard')}'`,
    'notify-send': 'exit 1',
  }
  await writeFile(at('picture.png'), picture)
  await Promise.all(
    Object.entries(programs).map(([name, body]) => writeFile(at(name), `#!/bin/sh\n${body}\n`, { mode: 0o755 })),
  )
  return {
    run: async (script) => {
      const env = { PATH: `${directory}:${process.env.PATH}` }
      const printed = await new Promise<string>((resolve) => {
        // A refusal ends it with a status of its own; what it printed says all.
        execFile('sh', ['-c', script, 'script', at('picture.png')], { env }, (_, stdout) => resolve(stdout.trim()))
      })
      return { printed, copied: await readFile(at('clipboard'), 'utf8').catch(() => '') }
    },
    clear: () => rm(directory, { recursive: true }),
  }
}

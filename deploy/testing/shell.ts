import { spawnSync } from 'node:child_process'
import path from 'node:path'

export const root = path.resolve(import.meta.dirname, '../..')

interface Outcome {
  code: number
  out: string
  error: string
}

/** Runs a script that knows all parts of deploy.sh; `variables` are set before it, so that nothing has to be quoted. */
export function shell(script: string, variables: Readonly<Record<string, string>> = {}): Outcome {
  const text = `set -euo pipefail; source_dir=$ROOT; source "$ROOT/deploy/parts.sh"\n${script}`
  const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', text], {
    env: { PATH: `${process.env.PATH}:/usr/sbin`, ROOT: root, ...variables },
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { code: status ?? -1, out: stdout, error: stderr }
}

/** What the script prints; throws if it fails. */
export function printed(script: string, variables?: Readonly<Record<string, string>>): string {
  const { code, out, error } = shell(script, variables)
  if (code !== 0) throw new Error(`Ended with ${code}: ${error}`)
  return out
}

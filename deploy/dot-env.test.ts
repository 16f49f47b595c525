import { execFileSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDotEnv } from '../packages/server/src/dot-env.ts'
import { printed, root, shell } from './testing/shell.ts'

/** What deploy.sh reads of `.env` is what the server will read. */
let directory: string
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'deploy-env-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

const lines = [
  'A=plain',
  'A=  with blanks around  ',
  'A=two words # and a comment',
  'A=sec#ret',
  'A=#ret',
  'A= # nothing but a comment',
  'A=',
  'A =before the sign',
  'export A=exported',
  "'A'=a quoted name",
  `A='single # quoted'`,
  `A='it\\'s'`,
  `A="double # quoted" # comment`,
  `A="a \\"word\\" and a \\\\"`,
  `A='not closed`,
  `A="closed" and more`,
  'A=back\\slash',
  'A=$HOME and `this` and $(that)',
  'A=a=b=c',
  'A=one\nA=two',
  'A=one\nA=',
  'B=another\nAA=longer\nA=this',
  'A=carriage\r\nB=return\r',
  '\ufeffA=after a mark of the byte order',
  'A=without an end of the line',
  'no assignment\nA=after it',
  'A=ümläut & * ?',
]

test('each line is read as the server reads it', () => {
  const files = lines.map((text, at) => {
    const name = path.join(directory, String(at))
    writeFileSync(name, text)
    return name
  })
  const script = 'source_dir=$0; source "$0/deploy/parts.sh"; for f; do dot_env_value "$f" A; printf "\\0"; done'
  const read = execFileSync('bash', ['-c', script, root, ...files], { encoding: 'utf8' }).split('\0')
  lines.forEach((text, at) => {
    expect({ text, value: read[at] }).toEqual({ text, value: parseDotEnv(text).A ?? '' })
  })
})

test('what only the server can work out ends the run, rather than bring up a site on another database', () => {
  const FILE = path.join(directory, 'reference')
  writeFileSync(FILE, `HOST_OF=x\nREDIS_URL=redis://$\{HOST_OF}:6379\n`)
  const { code, out, error } = shell('env_file=$FILE cores=1 memory_mib=1000 domain=x; read_site; echo went on', {
    FILE,
  })
  expect({ code, out, error }).toEqual({ code: 1, out: '', error: expect.stringContaining('REDIS_URL') })
})

test('every setting that is read is looked through for that', () => {
  const parts = globSync('deploy/lib/*.sh', { cwd: root }).map((name) => readFileSync(path.join(root, name), 'utf8'))
  const read = parts.flatMap((text) =>
    [...text.matchAll(/(?:\bsetting|setting_or|default_setting|dot_env_value "\$1") ([A-Z][A-Z0-9_]{4,})/g)].map(
      ([, name]) => name!,
    ),
  )
  const known = printed(`printf "%s\\n" "\${read_settings[@]}"`).trim().split('\n')
  expect(known.sort()).toEqual([...new Set(read)].sort())
})

test('no file is an empty one', () => {
  expect(shell('dot_env_value /nowhere A')).toEqual({ code: 0, out: '', error: '' })
})

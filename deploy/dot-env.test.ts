import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseDotEnv } from '../packages/server/src/dot-env.ts'
import { root, shell } from './testing/shell.ts'

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

test('what only the server can work out ends the run', () => {
  const FILE = path.join(directory, 'reference')
  writeFileSync(FILE, `HOST_OF=x\nREDIS_URL=redis://$\{HOST_OF}:6379\n`)
  const { code, error } = shell('value=$(dot_env_value "$FILE" REDIS_URL); echo "$value"', { FILE })
  expect({ code, error }).toMatchObject({ code: 1, error: expect.stringContaining('REDIS_URL') })
})

test('no file is an empty one', () => {
  expect(shell('dot_env_value /nowhere A')).toEqual({ code: 0, out: '', error: '' })
})

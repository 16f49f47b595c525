import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDotEnv } from './dot-env.ts'
import { bareEnvironment } from './testing/bare-environment.ts'
import vectors from './testing/fixtures/dot-env-vectors.json' with { type: 'json' }

test.each(vectors.files)('%j reads as python-dotenv reads it', ({ text, values }) =>
  expect(parseDotEnv(text)).toEqual(values),
)

test('a mark of the byte order is none of the first name', () =>
  expect(parseDotEnv('\ufeffFLASK_SECRET=a')).toEqual({ FLASK_SECRET: 'a' }))

test('what is set around the file is known in it, and wins', () =>
  expect(parseDotEnv(`A=1\nB=$\{A}$\{C}`, { A: '2', C: '3' })).toEqual({ A: '1', B: '23' }))

test('any value comes back from single quotes', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (value) => {
      fc.pre(!/\$\{/.test(value))
      expect(parseDotEnv(`A='${value.replace(/[\\']/g, '\\$&')}'\nB=c`)).toEqual({ A: value, B: 'c' })
    }),
  ))

test('no file takes long, whatever is in it', () => {
  for (const text of [
    "A='".repeat(5_000),
    '\\"'.repeat(5_000),
    'A="\\'.repeat(5_000),
    ' '.repeat(10_000),
    'A=b #'.repeat(5_000),
  ]) {
    expect(Object.keys(parseDotEnv(text)).length).toBeLessThanOrEqual(1)
  }
})

test('the server takes a secret from the file whole, and the environment before the file', () => {
  const directory = mkdtempSync(path.join(tmpdir(), 'imagehost-'))
  writeFileSync(path.join(directory, '.env'), "SECRET_KEY=short#but\nLOG_LEVEL=loud\nPORT='eighty'\n")
  const run = (env: Record<string, string>) => {
    try {
      execFileSync(process.execPath, [path.join(import.meta.dirname, 'main.ts')], {
        cwd: directory,
        env: { ...bareEnvironment, ...env },
        encoding: 'utf8',
        stdio: ['ignore', 'ignore', 'pipe'],
      })
    } catch (error) {
      return String((error as { stderr: string }).stderr)
    }
    throw new Error('It started')
  }
  expect(run({})).toContain('PORT: "eighty" is not')
  expect(run({})).toContain('LOG_LEVEL: "loud" is not')
  expect(run({ PORT: '0', LOG_LEVEL: 'info' })).toMatch(/^ImageHost did not start\.\nSECRET_KEY: too short/)
  rmSync(directory, { recursive: true })
})

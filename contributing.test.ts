import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** Each change of CONTRIBUTING.md is made to a copy of the code, which then has to compile and to do what was promised. */
const root = import.meta.dirname
const run = promisify(execFile)
let copy: string

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'contributing-'))
  for (const name of ['packages', 'scripts', 'package.json', 'tsconfig.json']) {
    const filter = (source: string) => !source.endsWith('node_modules')
    cpSync(path.join(root, name), path.join(copy, name), { recursive: true, filter })
  }
  linkLibraries()
})
afterAll(() => rmSync(copy, { recursive: true }))

/** The installed libraries, but the packages of the copy. */
function linkLibraries() {
  const libraries = path.join(copy, 'node_modules')
  mkdirSync(path.join(libraries, '@imagehost'), { recursive: true })
  for (const name of readdirSync(path.join(root, 'node_modules'))) {
    if (name !== '@imagehost') symlinkSync(path.join(root, 'node_modules', name), path.join(libraries, name))
  }
  for (const name of readdirSync(path.join(copy, 'packages'))) {
    symlinkSync(path.join(copy, 'packages', name), path.join(libraries, '@imagehost', name))
  }
}

function changeUnder(title: string): string {
  const text = readFileSync(path.join(root, 'CONTRIBUTING.md'), 'utf8')
  return /```diff\n([\s\S]*?)```/.exec(text.slice(text.indexOf(`### ${title}\n`)))![1]!
}

/** Each prints what it found, after the change of its title. */
const attempts = {
  'A field of images': `
    await uploadPicture(app, user, await pictures.jpeg({ orientation: 6 }))
    show((await user.client.images.list()).items[0].orientation)`,
  'A preference': `
    const before = (await user.client.accounts.me()).preferences
    const after = (await user.client.accounts.update({ body: { preferences: { theme: 'dark' } } })).preferences
    show([before.theme, after.theme])`,
  'A step of every upload': `
    const pixel = await uploadPicture(app, user, await pictures.png({ width: 1, height: 1 })).catch((error) => error.code)
    const picture = await uploadPicture(app, user, await pictures.png({ width: 8, height: 8 }))
    show([pixel, picture.width])`,
}

/** All changes one after the other, then the types once, and all attempts in one process: each alone would take as long. */
let found: unknown[]
beforeAll(async () => {
  for (const title of Object.keys(attempts)) {
    const change = path.join(copy, 'change.diff')
    writeFileSync(change, changeUnder(title))
    await run('git', ['apply', change], { cwd: copy })
  }
  const { stdout: faults } = await run('tsc', ['--noEmit'], { cwd: copy, timeout: 100_000 }).catch((error) => error)
  expect(faults).toBe('')
  const attempt = path.join(copy, 'packages/server/src/attempt.ts')
  const scripts = Object.values(attempts).map((script) => `{${script}\n}`)
  writeFileSync(attempt, `${prelude}${scripts.join('\n')}\nawait app.stop()\n`)
  const { stdout } = await run('node', [attempt], { cwd: copy, timeout: 60_000 })
  found = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}, 200_000)

const prelude = `
import { pictures } from './testing/pictures.ts'
import { startTestApp } from './testing/start-test-app.ts'
import { uploadPicture } from './testing/upload-picture.ts'
const app = await startTestApp()
const user = await app.user()
const show = (value: unknown) => console.log(JSON.stringify(value))
`

test('a field of images', () => expect(found[0]).toBe(6))
test('a preference', () => expect(found[1]).toEqual(['system', 'dark']))
test('a step of every upload', () => expect(found[2]).toEqual(['image_too_complex', 8]))

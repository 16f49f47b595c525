import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pictures } from './packages/server/src/testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './packages/server/src/testing/start-server-process.ts'

const directory = path.join(import.meta.dirname, 'examples')
const examples = readdirSync(directory).filter((name) => name.endsWith('.ts'))

let server: ServerProcess
let folder: string
let key: string
beforeAll(async () => {
  server = await startServerProcess()
  folder = mkdtempSync(path.join(tmpdir(), 'examples-'))
  writeFileSync(path.join(folder, 'cat.jpg'), await pictures.jpegWithGps())
  key = (await (await fetch(`${server.url}/api/v1/dev/issue-key`, { method: 'POST' })).json()).api_key
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const run = async (name: string) =>
  await promisify(execFile)(process.execPath, [path.join(directory, name), path.join(folder, 'cat.jpg')], {
    env: { PATH: process.env.PATH, IMAGEHOST_URL: server.url, IMAGEHOST_API_KEY: key },
    timeout: 20_000,
  })

test('docs/sdk.md shows every example as it is', () => {
  const guide = readFileSync(path.join(import.meta.dirname, 'docs/sdk.md'), 'utf8')
  const shown = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, text]) => text)
  expect(shown.toSorted()).toEqual(examples.map((name) => readFileSync(path.join(directory, name), 'utf8')).toSorted())
})

test('the examples do what the guide says', async () => {
  const uploaded = await run('upload.ts')
  expect(uploaded.stdout).toMatch(/^!\[In the garden\]\(http:\S+\.jpg\)\n$/)
  expect(uploaded.stderr).toMatch(/^sending 0 of \d+ bytes\n[\s\S]*checking (\d+) of \1 bytes\n$/)
  expect((await run('list.ts')).stdout).toMatch(/^img_\w+ http:\S+ 0\n$/)
  expect((await run('errors.ts')).stdout).toBe(
    'unsupported_type: This is not a picture that is accepted here. Send JPEG, PNG, GIF, WebP, AVIF or HEIC.\n',
  )
})

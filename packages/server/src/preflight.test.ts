import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqliteStore } from './infrastructure/sqlite/store.ts'
import { bareEnvironment } from './testing/bare-environment.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'preflight-'))
})
afterAll(() => rmSync(directory, { recursive: true }))

async function preflight(env: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const file = path.join(import.meta.dirname, 'preflight.ts')
  const options = { env: { ...bareEnvironment, DATA_DIR: directory, ...env }, cwd: directory }
  return promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', file], options).then(
    ({ stdout }) => ({ code: 0, said: stdout }),
    ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }),
  )
}

test('it fits an empty place, also beside a running server, but not data of a newer release', async () => {
  expect(await preflight()).toMatchObject({ code: 0, said: expect.stringMatching(/^Schema of the data: 0; /) })
  const store = await createSqliteStore({ directory })
  expect(await preflight()).toMatchObject({ code: 0, said: expect.stringMatching(/: (\d+); .* up to \1\.$/m) })
  await store.close()
  const database = new DatabaseSync(path.join(directory, 'imagehost.db'))
  database.exec('PRAGMA user_version = 999')
  database.close()
  expect(await preflight()).toMatchObject({ code: 3, said: expect.stringContaining('999') })
})

test('mistakes in the settings, and a Redis that is away, are told in words', async () => {
  const mistaken = await preflight({ WORK_SLOTS: 'many', DELIVERY: 'pigeon' })
  expect(mistaken).toMatchObject({ code: 1 })
  expect(mistaken.said.trim().split('\n')).toHaveLength(2)
  const away = await preflight({ REDIS_URL: 'redis://127.0.0.1:1', SECRET_KEY: 'of these tests, and of nothing else' })
  expect(away).toMatchObject({ code: 1, said: expect.stringContaining('no connection to Redis at 127.0.0.1:1') })
})

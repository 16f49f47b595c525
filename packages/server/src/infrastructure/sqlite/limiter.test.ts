import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLimiter } from './limiter.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imagehost-limits-'))
})
afterEach(() => rm(directory, { recursive: true }))

test('allowances that are whole again are thrown away in passing', async () => {
  const limiter = openLimiter(directory)
  for (let n = 0; n < 3_000; n++) {
    await limiter.take(`address-${n}`, { limit: 10, windowSeconds: 10, now: n * 10_000 })
  }
  limiter.close()
  const database = new DatabaseSync(join(directory, 'limits.db'))
  expect(database.prepare('SELECT count(*) AS rows FROM allowances').get()).toEqual({ rows: 1 })
  database.close()
})

test('what is taken is written soon, without waiting for the end', async () => {
  const limiter = openLimiter(directory)
  await limiter.take('anna', { limit: 10, windowSeconds: 10, now: 1_000 })
  await limiter.take('anna', { limit: 10, windowSeconds: 10, now: 1_000 })
  const database = new DatabaseSync(join(directory, 'limits.db'), { readOnly: true })
  const stored = () => database.prepare('SELECT * FROM allowances').all()
  await expect.poll(stored).toEqual([{ name: 'anna', full_at: 3_000_000 }])
  database.close()
  limiter.close()
})

test('where nothing can be written, it is still counted', async () => {
  const limiter = openLimiter(directory)
  const other = new DatabaseSync(join(directory, 'limits.db'))
  other.exec('DROP TABLE allowances; CREATE VIEW allowances AS SELECT NULL AS name, 0 AS full_at')
  for (const allowed of [true, false]) {
    expect(await limiter.take('anna', { limit: 1, windowSeconds: 10, now: 1_000 })).toMatchObject({ allowed })
  }
  limiter.close()
  other.close()
})

test('nobody else on this machine may read who asked', async () => {
  const limiter = openLimiter(directory)
  expect((await stat(join(directory, 'limits.db'))).mode & 0o777).toBe(0o600)
  limiter.close()
})

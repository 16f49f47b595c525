import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { metadataLaws } from '../../ports/laws.ts'
import { MetadataUnavailable } from '../../ports/metadata-store.ts'
import { createSqliteStore } from './store.ts'

let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'imagehost-sqlite-'))
})

afterEach(() => rm(directory, { recursive: true }))

describe.each(Object.entries(metadataLaws))('the law of %s', (_, law) => {
  test.each(Object.entries(law))('%s', async (_, check) => {
    const store = await createSqliteStore({ directory })
    try {
      await check(store)
    } finally {
      await store.close()
    }
  })
})

test('what was answered is there when the store is opened again', async () => {
  const first = await createSqliteStore({ directory })
  await first.accounts.create({ uid: 'u_1', username: 'anna', createdAt: 1 }, 'anna')
  await first.close()
  const second = await createSqliteStore({ directory })
  expect(await second.accounts.find('u_1')).toEqual({ uid: 'u_1', username: 'anna', createdAt: 1 })
  await second.close()
})

test('a restart gives nobody a new allowance', async () => {
  const first = await createSqliteStore({ directory })
  await first.limiter.take('anna', { limit: 1, windowSeconds: 60, now: 1_000 })
  await first.close()
  const second = await createSqliteStore({ directory })
  expect(await second.limiter.take('anna', { limit: 1, windowSeconds: 60, now: 2_000 })).toMatchObject({
    allowed: false,
  })
  await second.close()
})

test('closing finishes the writes that wait, and is harmless twice', async () => {
  const first = await createSqliteStore({ directory })
  const waiting = first.accounts.create({ uid: 'u_1', username: 'anna', createdAt: 1 }, 'anna')
  await first.close()
  await first.close()
  expect(await waiting).toBe(true)
})

test('a closed store says so, in reads and writes', async () => {
  const store = await createSqliteStore({ directory })
  await store.ping()
  await store.close()
  await expect(store.ping()).rejects.toThrow(MetadataUnavailable)
  await expect(store.images.find('img_1')).rejects.toThrow(MetadataUnavailable)
  await expect(store.locks.release('a', 'b')).rejects.toThrow(MetadataUnavailable)
  await expect(store.limiter.take('a', { limit: 1, windowSeconds: 1, now: 1 })).rejects.toThrow(MetadataUnavailable)
})

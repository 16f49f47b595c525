import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqliteStore } from '../infrastructure/sqlite/store.ts'
import { systemClock } from '../ports/clock.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import { createAccounts } from './accounts.ts'
import { createKeys } from './keys.ts'
import { createWorkQueue } from './work-queue.ts'

let directory: string
let metadata: MetadataStore
beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'login-'))
  metadata = await createSqliteStore({ directory })
})
afterAll(async () => {
  await metadata.close()
  rmSync(directory, { recursive: true })
})

test('an unknown name, an account without a password and a wrong password cost the same hashes', async () => {
  const hashing = createWorkQueue({ memoryBytes: 1e9, slots: 1, queue: 9 })
  let hashes = 0
  const counted: typeof hashing = {
    ...hashing,
    run: (bytes, work) => {
      hashes++
      return hashing.run(bytes, work)
    },
  }
  const keys = createKeys({ ...metadata, clock: systemClock })
  const rules = { registration: 'open', passwordMinLength: 8, devKeys: true } as const
  const accounts = createAccounts({ accounts: metadata.accounts, keys, hashing: counted, clock: systemClock, rules })
  await accounts.register('alice', 'correct horse')
  await metadata.accounts.create({ uid: 'u_x', username: 'nopassword', createdAt: 1 }, 'nopassword')
  const costOf = async (username: string) => {
    hashes = 0
    await accounts.login(username, 'wrong password').catch(() => {})
    return hashes
  }
  expect([await costOf('alice'), await costOf('nobody'), await costOf('nopassword')]).toEqual([1, 1, 1])
})

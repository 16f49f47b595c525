import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createSqliteStore } from '../infrastructure/sqlite/store.ts'
import { systemClock } from '../ports/clock.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import { createAccounts, type Login } from './accounts.ts'
import { createKeys } from './keys.ts'
import { createPasswords } from './passwords.ts'
import { createSealing } from './sealing.ts'
import { createSessions } from './sessions.ts'
import { createTwoFactor } from './two-factor.ts'
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

test('whatever is wrong with a login, it costs the same hashes and is answered at the same deadline', async () => {
  const hashing = createWorkQueue({ memoryBytes: 1e9, slots: 1, queue: 9 })
  let hashes = 0
  const counted: typeof hashing = {
    ...hashing,
    run: (bytes, work) => {
      hashes++
      return hashing.run(bytes, work)
    },
  }
  const shared = { ...metadata, clock: systemClock }
  const sealing = createSealing({ current: randomBytes(32), previous: [] })
  const passwords = createPasswords({ accounts: metadata.accounts, hashing: counted })
  const accounts = createAccounts({
    accounts: metadata.accounts,
    keys: createKeys(shared),
    sessions: createSessions(shared),
    passwords,
    twoFactor: createTwoFactor({ ...shared, sealing }),
    passwordMinLength: 8,
    failedLoginMs: 200,
  })
  const passwordHash = await passwords.hash('correct horse')
  for (const username of ['alice', 'bob'])
    await metadata.accounts.create({ uid: `u_${username}`, username, createdAt: 1, passwordHash }, username)
  await metadata.accounts.create({ uid: 'u_x', username: 'nopassword', createdAt: 1 }, 'nopassword')
  await metadata.twoFactor.propose('u_bob', 'sealed')
  await metadata.twoFactor.activate('u_bob', { secret: 'sealed', lastStep: 1, recoveryHashes: [] })
  const costOf = async (login: Login) => {
    hashes = 0
    const begun = performance.now()
    await expect(accounts.login(login)).rejects.toMatchObject({ status: 401 })
    // Rounded up to the deadline, less the millisecond that timers may be early.
    expect(performance.now() - begun).toBeGreaterThan(198)
    return hashes
  }
  const password = 'wrong password'
  const costs = [
    await costOf({ username: 'alice', password }),
    await costOf({ username: 'nobody', password }),
    await costOf({ username: 'nopassword', password }),
    await costOf({ username: 'bob', password }),
    await costOf({ username: 'bob', password, otp: '123456' }),
    await costOf({ username: 'bob', password: 'correct horse' }),
    await costOf({ username: 'bob', password: 'correct horse', otp: '123456' }),
    await costOf({ username: 'bob', password: 'correct horse', otp: 'abcd-efgh-ijkl-mnop' }),
  ]
  expect(new Set(costs)).toEqual(new Set([1]))
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { createSqliteStore } from './store.ts'

let parent: string
let directory: string

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'imagehost-sqlite-'))
  directory = join(parent, 'data')
})

afterEach(() => rm(parent, { recursive: true }))

test('the database is durable, waits for others and is closed to other people', async () => {
  const database = openDatabase(directory)
  const pragma = (name: string) => Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]
  expect(pragma('journal_mode')).toBe('wal')
  expect(pragma('synchronous')).toBe(2)
  expect(pragma('busy_timeout')).toBe(2_000)
  expect(pragma('foreign_keys')).toBe(1)
  for (const file of ['', 'imagehost.db', 'imagehost.db-wal'])
    expect((await stat(join(directory, file))).mode & 0o077).toBe(0)
  database.close()
})

test('a database of a newer version is refused, and its lock is given back', async () => {
  openDatabase(directory).close()
  const raw = new DatabaseSync(join(directory, 'imagehost.db'))
  const own = raw.prepare('PRAGMA user_version').get()!.user_version
  raw.exec('PRAGMA user_version = 999')
  await expect(createSqliteStore({ directory })).rejects.toThrow('written by a newer ImageHost')
  raw.exec(`PRAGMA user_version = ${own}`)
  raw.close()
  await (await createSqliteStore({ directory })).close()
})

test('a second server is refused, the admin command is not', async () => {
  const server = await createSqliteStore({ directory })
  await expect(createSqliteStore({ directory })).rejects.toThrow('Another ImageHost server is running')
  const admin = await createSqliteStore({ directory, exclusive: false })
  expect(await admin.accounts.create({ uid: 'u_1', username: 'anna', createdAt: 1 }, 'anna')).toBe(true)
  expect(await server.accounts.findByName('anna')).toBeDefined()
  await admin.close()
  await server.close()
})

test('a server that was killed leaves no lock, and all that it was answered', async ({ onTestFinished }) => {
  const child = spawn(process.execPath, ['--expose-gc', '--input-type=module', '-e', server(directory)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  await expect(createSqliteStore({ directory })).rejects.toThrow('Another ImageHost server is running')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const next = await createSqliteStore({ directory })
  expect(await next.accounts.findByName('anna')).toBeDefined()
  await next.close()
})

/** A process that stores an account, says so and stays. */
const server = (path: string) => `
  import { createSqliteStore } from ${JSON.stringify(new URL('./store.ts', import.meta.url).href)}
  const store = await createSqliteStore({ directory: ${JSON.stringify(path)} })
  await store.accounts.create({ uid: 'u_1', username: 'anna', createdAt: 1 }, 'anna')
  // By then nobody needs the store any more, and it may be collected: the lock holds all the same.
  setTimeout(() => {
    gc()
    console.log('stored')
  }, 10)
  setInterval(() => {}, 60_000)
`

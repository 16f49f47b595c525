import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { backup, DatabaseSync } from 'node:sqlite'
import { isBusy } from './failure.ts'
import { migrations } from './migrations.ts'

/** How long a write of another process is waited for, such as the admin command's. node:sqlite's own default is 0. */
const busyTimeoutMs = 2_000

/**
 * For whoever writes all that there is: pages that are written again and again, in the order of chance of ids and hashes, stay in
 * memory and in the journal until there are 64 MB of them. Measured over 100,000 images: half of the time. As durable as
 * without, since each commit is in the journal on the disk.
 */
const forBulk = 'PRAGMA cache_size = -65536; PRAGMA wal_autocheckpoint = 16384'

/** Opens the database of this directory, made and migrated where needed. */
export function openDatabase(directory: string, use: 'serving' | 'bulk' = 'serving'): DatabaseSync {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, 'imagehost.db')
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  // It holds password hashes, so nobody else on this machine may look in; SQLite gives its other files the same mode.
  chmodSync(path, 0o600)
  try {
    database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
    if (use === 'bulk') database.exec(forBulk)
    migrate(database)
  } catch (error) {
    database.close()
    throw error
  }
  return database
}

/** The database as it is at one moment, in another directory; whoever writes to it meanwhile is not kept waiting. */
export async function copyDatabase(from: string, to: string): Promise<void> {
  const database = openDatabase(from)
  try {
    await backup(database, join(to, 'imagehost.db'))
  } finally {
    database.close()
  }
}

/** Held by name, too: a lock that nobody can reach any more would be collected, and let go of. */
const held = new Set<DatabaseSync>()

/**
 * Keeps a second server process away from this directory: each caches for itself and sweeps for itself. The lock is a
 * transaction that never ends, on a database of its own: the kernel lets go of it when the process dies, also by kill -9,
 * and no stale file can keep the next one from starting.
 */
export function lockDirectory(directory: string): () => void {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const database = new DatabaseSync(join(directory, 'lock.db'))
  try {
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if (!isBusy(error)) throw error
    throw new Error(
      `Another ImageHost server is running on ${directory}. Stop it first, give this one its own DATA_DIR, ` +
        'or set REDIS_URL to run several processes on the same data.',
      { cause: error },
    )
  }
  held.add(database)
  return () => {
    held.delete(database)
    database.close()
  }
}

function migrate(database: DatabaseSync): void {
  const version = versionOf(database)
  if (version > migrations.length)
    throw new Error(
      `The database was written by a newer ImageHost (schema ${version}, this one knows ${migrations.length}). ` +
        'Start that version or a later one.',
    )
  for (let next = version; next < migrations.length; next++) apply(database, next)
}

function apply(database: DatabaseSync, next: number): void {
  database.exec('BEGIN IMMEDIATE')
  try {
    // The admin command may have been here between our look and our lock.
    if (versionOf(database) === next) database.exec(`${migrations[next]}; PRAGMA user_version = ${next + 1}`)
    database.exec('COMMIT')
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK')
    throw error
  }
}

function versionOf(database: DatabaseSync): number {
  return Number(database.prepare('PRAGMA user_version').get()?.user_version)
}

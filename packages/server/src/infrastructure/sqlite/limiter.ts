import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { measure, tell, withdraw } from '../../ports/gcra.ts'
import type { Limiter } from '../../ports/limiter.ts'
import { read } from './failure.ts'

/** What a crash of the process may forget of who asked how often. */
const writeAfterMs = 100
/** Names that wait for being written; more are written early, so that they fill no memory. */
const maxWaiting = 1_000
/** How often what is whole again is thrown away, and how much of it at a time: it can never pile up. */
const tidyEvery = 1_000
const tidyRows = 5_000

const busyTimeoutMs = 2_000

/**
 * Counted in memory and written together, ten times a second: a write for each request cost 45 µs, more than all else that
 * most requests do. They have a database of their own, which never waits for the disk. Only one process counts, and a call
 * is one step, so counting is exact; a restart forgets nothing.
 */
export function openLimiter(directory: string): Limiter & { close(): void } {
  const path = join(directory, 'limits.db')
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  chmodSync(path, 0o600)
  database.exec(schema)
  const find = database.prepare('SELECT full_at FROM allowances WHERE name = ?')
  const keep = database.prepare('INSERT OR REPLACE INTO allowances (name, full_at) VALUES (?, ?)')
  const tidy = database.prepare(
    'DELETE FROM allowances WHERE name IN (SELECT name FROM allowances WHERE full_at <= ? LIMIT ?)',
  )
  const waiting = new Map<string, number>()
  let timer: NodeJS.Timeout | undefined
  let written = 0
  let latest = 0

  function write(): void {
    clearTimeout(timer)
    timer = undefined
    database.exec('BEGIN IMMEDIATE')
    try {
      for (const [name, fullAt] of waiting) keep.run(name, fullAt)
      written += waiting.size
      if (written >= tidyEvery) tidy.run(latest, tidyRows)
      database.exec('COMMIT')
    } catch (error) {
      if (database.isTransaction) database.exec('ROLLBACK')
      throw error
    }
    written %= tidyEvery
    waiting.clear()
  }

  /** Where nothing can be written, a full disk for one, what counts is in memory, as much as may wait there. */
  function tryToWrite(): void {
    try {
      write()
    } catch {
      if (waiting.size >= maxWaiting) waiting.clear()
    }
  }

  function remember(name: string, fullAt: number): void {
    waiting.set(name, fullAt)
    if (waiting.size >= maxWaiting) tryToWrite()
    else timer ??= setTimeout(tryToWrite, writeAfterMs).unref()
  }

  return {
    take: (name, withdrawal) =>
      read(() => {
        const asked = measure(withdrawal)
        const after = withdraw(waiting.get(name) ?? Number(find.get(name)?.full_at ?? 0), asked)
        latest = Math.max(latest, asked.now)
        if (after.allowed && asked.price !== 0) remember(name, after.fullAt)
        return tell(after.allowed, after.fullAt, asked)
      }),
    close() {
      if (waiting.size > 0) tryToWrite()
      database.close()
    },
  }
}

const schema = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = OFF;
  CREATE TABLE IF NOT EXISTS allowances (
    name TEXT PRIMARY KEY,
    -- Unix microseconds
    full_at INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS allowances_by_time ON allowances (full_at);
`

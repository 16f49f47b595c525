import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Measure, measure, tell } from '../../ports/gcra.ts'
import type { Limiter } from '../../ports/limiter.ts'
import { read } from './failure.ts'

/** How often what is whole again is thrown away, and how much of it at a time: it can never pile up. */
const tidyEvery = 1_000
const tidyRows = 5_000

const busyTimeoutMs = 2_000

/**
 * Allowances are in a database of their own, which never waits for the disk: each request would otherwise pay for one more
 * sync, and what a power cut may forget here is no more than how often somebody asked. A restart or a crash of the process
 * forgets nothing. Only one process writes, and a statement is one step, so counting is exact.
 */
export function openLimiter(directory: string): Limiter & { close(): void } {
  const path = join(directory, 'limits.db')
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs })
  chmodSync(path, 0o600)
  database.exec(schema)
  const take = database.prepare(
    `INSERT INTO allowances (name, full_at) SELECT :name, max(:now, :now + :price) WHERE :price <= :burst
     ON CONFLICT (name) DO UPDATE SET full_at = max(full_at, :now) + :price
     WHERE max(full_at, :now) + :price <= :now + :burst
     RETURNING full_at`,
  )
  const find = database.prepare('SELECT full_at FROM allowances WHERE name = ?')
  const tidy = database.prepare(
    'DELETE FROM allowances WHERE name IN (SELECT name FROM allowances WHERE full_at <= ? LIMIT ?)',
  )
  let calls = 0

  function attempt(name: string, asked: Measure): { allowed: boolean; fullAt: number } {
    if (++calls % tidyEvery === 0) tidy.run(asked.now, tidyRows)
    const { now, price, burst } = asked
    const row = price === 0 ? undefined : take.get({ name, now, price, burst })
    const fullAt = Number((row ?? find.get(name))?.full_at ?? 0)
    return { allowed: row !== undefined || price === 0, fullAt }
  }

  return {
    take: (name, withdrawal) =>
      read(() => {
        const asked = measure(withdrawal)
        const { allowed, fullAt } = attempt(name, asked)
        return tell(allowed, fullAt, asked)
      }),
    close: () => database.close(),
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

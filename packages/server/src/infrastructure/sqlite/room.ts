import type { DatabaseSync } from 'node:sqlite'
import type { Writes } from './writes.ts'

/** What each noun is made of: statements are prepared once, reads run at once, writes in turn. */
export interface SqliteRoom {
  database: DatabaseSync
  writes: Writes
}

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { SchemaVersion } from '../../ports/schema-version.ts'
import { migrations } from './migrations.ts'

/** Which schema the database of this directory has, without bringing it to ours; nothing is made or changed. */
export function readSqliteSchema(directory: string): SchemaVersion {
  const path = join(directory, 'imagehost.db')
  if (!existsSync(path)) return { found: 0, known: migrations.length }
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    return { found: Number(database.prepare('PRAGMA user_version').get()?.user_version), known: migrations.length }
  } finally {
    database.close()
  }
}

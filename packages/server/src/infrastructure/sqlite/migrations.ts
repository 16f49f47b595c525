import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const directory = join(import.meta.dirname, 'migrations')

/**
 * Each file brings the database from one version to the next, in the order of their numbers; `user_version` counts them.
 * Never change one that was released: add a file.
 */
export const migrations: readonly string[] = readdirSync(directory)
  .sort()
  .map((name) => readFileSync(join(directory, name), 'utf8'))

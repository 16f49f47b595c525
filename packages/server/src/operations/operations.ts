import { backup } from './backup.ts'
import { doctor } from './doctor.ts'
import { fsck } from './fsck.ts'
import { importing } from './import.ts'
import { migrate } from './migrate.ts'
import type { Operation } from './operation.ts'
import { restore } from './restore.ts'

/** `npm run NAME -- ARGUMENTS` */
export const operations: Readonly<Record<string, Operation>> = {
  backup,
  restore,
  migrate,
  fsck,
  doctor,
  import: importing,
}

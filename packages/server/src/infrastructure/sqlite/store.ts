import type { MetadataStore } from '../../ports/metadata-store.ts'
import { createSqliteAccounts } from './accounts.ts'
import { createSqliteAlbumImages } from './album-images.ts'
import { createSqliteAlbums } from './albums.ts'
import { createSqliteAnswers } from './answers.ts'
import { createSqliteAudit } from './audit.ts'
import { createSqliteBlocklist } from './blocklist.ts'
import { copyDatabase, lockDirectory, openDatabase } from './database.ts'
import { createSqliteDrops } from './drops.ts'
import { read } from './failure.ts'
import { createSqliteGrants } from './grants.ts'
import { createSqliteImageIndex } from './image-index.ts'
import { createSqliteImages } from './images.ts'
import { createSqliteInventory } from './inventory.ts'
import { createSqliteInvites } from './invites.ts'
import { openLimiter } from './limiter.ts'
import { createSqliteLocks } from './locks.ts'
import { createSqliteReports } from './reports.ts'
import type { SqliteRoom } from './room.ts'
import { createSqliteSettings } from './settings.ts'
import { createSqliteSetup } from './setup.ts'
import { createSqliteShares } from './shares.ts'
import { createSqliteTokens } from './tokens.ts'
import { createSqliteTrash } from './trash.ts'
import { createSqliteTwoFactor } from './two-factor.ts'
import { createSqliteUploads } from './uploads.ts'
import { createSqliteVariants } from './variants.ts'
import { createWrites } from './writes.ts'

export { copyDatabase }

interface SqliteStoreOptions {
  /** Made if it is not there. */
  directory: string
  /** A server takes the directory for itself; the admin command, which works beside it, does not. True unless given. */
  exclusive?: boolean
}

/** Metadata in one SQLite file, for one server process. Refuses to start beside another one or on a newer schema. */
export async function createSqliteStore({ directory, exclusive = true }: SqliteStoreOptions): Promise<MetadataStore> {
  const unlock = exclusive ? lockDirectory(directory) : undefined
  const { database, limiter } = openOrUnlock(directory, unlock)
  const writes = createWrites(database)
  const room: SqliteRoom = { database, writes }
  const alive = database.prepare('SELECT 1 FROM locks LIMIT 1')

  return {
    engine: 'sqlite',
    accounts: createSqliteAccounts(room),
    tokens: createSqliteTokens(room),
    twoFactor: createSqliteTwoFactor(room),
    setup: createSqliteSetup(room),
    settings: createSqliteSettings(room),
    invites: createSqliteInvites(room),
    images: createSqliteImages(room),
    imageIndex: createSqliteImageIndex(room),
    trash: createSqliteTrash(room),
    albums: createSqliteAlbums(room),
    albumImages: createSqliteAlbumImages(room),
    grants: createSqliteGrants(room),
    drops: createSqliteDrops(room),
    shares: createSqliteShares(room),
    uploads: createSqliteUploads(room),
    variants: createSqliteVariants(room),
    locks: createSqliteLocks(room),
    limiter,
    answers: createSqliteAnswers(room),
    audit: createSqliteAudit(room),
    blocklist: createSqliteBlocklist(room),
    reports: createSqliteReports(room),
    inventory: createSqliteInventory(room),
    async ping() {
      await read(() => alive.get())
    },
    async close() {
      if (!database.isOpen) return
      writes.drain()
      database.close()
      limiter.close()
      unlock?.()
    },
  }
}

function openOrUnlock(directory: string, unlock: (() => void) | undefined) {
  try {
    return { database: openDatabase(directory, unlock ? 'serving' : 'bulk'), limiter: openLimiter(directory) }
  } catch (error) {
    unlock?.()
    throw error
  }
}

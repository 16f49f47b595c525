import type { Log } from '../../ports/log.ts'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { createRedisAccounts } from './accounts.ts'
import { createRedisAlbumImages } from './album-images.ts'
import { createRedisAlbums } from './albums.ts'
import { createRedisAnswers } from './answers.ts'
import { createRedisAudit } from './audit.ts'
import { createRedisBlocklist } from './blocklist.ts'
import { createCollection } from './collection.ts'
import { type Connection, connect, type RedisAddress } from './connection.ts'
import { createRedisDrops } from './drops.ts'
import { createRedisGrants } from './grants.ts'
import { createRedisImageIndex } from './image-index.ts'
import { createRedisImages } from './images.ts'
import { createRedisInventory } from './inventory.ts'
import { createRedisInvites } from './invites.ts'
import { createJournal } from './journal.ts'
import { createKeys } from './keys.ts'
import { createRedisLimiter } from './limiter.ts'
import { createRedisLocks } from './locks.ts'
import { createReplicas, noReplicas, type Replicas } from './replicas.ts'
import { createRedisReports } from './reports.ts'
import { checkSchema, checkServers } from './server-check.ts'
import { createRedisSettings } from './settings.ts'
import { createRedisSetup } from './setup.ts'
import { createRedisShares } from './shares.ts'
import { createRedisTokens } from './tokens.ts'
import { createRedisTrash } from './trash.ts'
import { createRedisTwoFactor } from './two-factor.ts'
import { createRedisUploads } from './uploads.ts'
import { createRedisVariants } from './variants.ts'

type RedisStoreOptions = RedisAddress & {
  log?: Log
  /** Keeps tests apart that share a Redis; none in production, where the Flask project's keys are. */
  keyPrefix?: string
}

/**
 * Metadata in Redis 6.2 or later, or a Redis Cluster, shared by any number of servers and with the keys of the Flask project.
 * Throws MetadataUnavailable if there is no answer within 5 seconds; refuses a newer schema.
 */
export async function createRedisStore(options: RedisStoreOptions): Promise<MetadataStore> {
  const { log = silent, keyPrefix = '' } = options
  const connection = await connect(options, log)
  const { hasReplicas } = await checkedOrClosed(connection, async () => {
    await checkSchema(connection, createKeys(keyPrefix))
    return checkServers(connection, log)
  })
  return createStoreOver(connection, {
    keyPrefix,
    replicas: hasReplicas ? createReplicas({ connection, log }) : noReplicas,
  })
}

/** The store over a connection that stands. */
export function createStoreOver(
  connection: Connection,
  { keyPrefix, replicas }: { keyPrefix: string; replicas: Replicas },
): MetadataStore {
  const room = { connection, keys: createKeys(keyPrefix) }
  const collection = createCollection(room)
  const journal = createJournal(room)
  const setup = createRedisSetup(room)

  return {
    engine: 'redis',
    accounts: createRedisAccounts({ ...room, setup }),
    tokens: createRedisTokens(room),
    twoFactor: createRedisTwoFactor(room),
    setup,
    settings: createRedisSettings(room),
    invites: createRedisInvites(room),
    images: createRedisImages({ ...room, collection, journal, replicas }),
    imageIndex: createRedisImageIndex({ ...room, collection }),
    trash: createRedisTrash({ ...room, collection, journal }),
    albums: createRedisAlbums(room),
    albumImages: createRedisAlbumImages(room),
    grants: createRedisGrants(room),
    drops: createRedisDrops(room),
    shares: createRedisShares(room),
    uploads: createRedisUploads({ ...room, collection, journal }),
    variants: createRedisVariants(room),
    locks: createRedisLocks(room),
    limiter: createRedisLimiter(room),
    answers: createRedisAnswers(room),
    audit: createRedisAudit(room),
    blocklist: createRedisBlocklist(room),
    reports: createRedisReports(room),
    inventory: createRedisInventory(room),
    ping: connection.ping,
    close: connection.close,
  }
}

const silent: Log = { info() {}, warn() {}, error() {} }

async function checkedOrClosed<T>(connection: Connection, check: () => Promise<T>): Promise<T> {
  try {
    return await check()
  } catch (error) {
    await connection.close()
    throw error
  }
}

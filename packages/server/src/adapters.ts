import path from 'node:path'
import type { Config } from './config.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { Clock } from './ports/clock.ts'
import type { Fetcher } from './ports/fetcher.ts'
import type { Log } from './ports/log.ts'
import type { MetadataStore } from './ports/metadata-store.ts'
import type { SignedPaths } from './ports/signed-paths.ts'
import { readSigningKeys } from './secrets.ts'

/** Which adapter serves which port, by configuration. Each is imported only when it is used, so that unused SDKs cost nothing. */

export async function openMetadata(config: Config, log: Log): Promise<MetadataStore> {
  if (config.REDIS_URL !== undefined || config.REDIS_CLUSTER_URLS.length > 0) {
    const { createRedisStore } = await import('./infrastructure/redis/store.ts')
    const where =
      config.REDIS_URL !== undefined ? { url: config.REDIS_URL } : { clusterUrls: config.REDIS_CLUSTER_URLS }
    return createRedisStore({ ...where, log })
  }
  const { createSqliteStore } = await import('./infrastructure/sqlite/store.ts')
  return createSqliteStore({ directory: config.DATA_DIR })
}

export interface OpenedBlobs {
  blobs: BlobStore
  /** What answers at presigned addresses, where the store needs our server for that. */
  signedPaths?: SignedPaths
  /** Whether strangers can read what lies in the store, so that nothing in it can be private. */
  isPublic: boolean
}

export async function openBlobs(config: Config, clock: Clock): Promise<OpenedBlobs> {
  if (config.AWS_S3_BUCKET_NAME !== undefined) {
    const { createS3Store } = await import('./infrastructure/s3/store.ts')
    const blobs = await createS3Store({
      bucket: config.AWS_S3_BUCKET_NAME,
      region: config.AWS_REGION,
      ...(config.AWS_ENDPOINT_URL_S3 && { endpoint: config.AWS_ENDPOINT_URL_S3 }),
      forcePathStyle: config.S3_FORCE_PATH_STYLE,
      clock,
    })
    return { blobs, isPublic: false }
  }
  const { createFilesystemStore } = await import('./infrastructure/filesystem/store.ts')
  const keys = readSigningKeys(config, 'storage')
  const blobs = await createFilesystemStore({
    directory: path.join(config.DATA_DIR, 'blobs'),
    // A path: whoever asked for it knows best how this server is reached.
    baseUrl: () => '',
    signingKey: keys.current,
    previousSigningKeys: keys.previous,
    maxBytes: config.MAX_UPLOAD_BYTES,
    clock,
  })
  return { blobs, signedPaths: blobs.signedPaths, isPublic: false }
}

export async function openFetcher(config: Config): Promise<Fetcher> {
  const { createHttpFetcher } = await import('./infrastructure/http-fetcher/fetcher.ts')
  return createHttpFetcher({ allowedPorts: config.IMPORT_PORTS.map(Number), timeoutMs: config.IMPORT_SECONDS * 1000 })
}

import path from 'node:path'
import { type Config, ConfigError } from './config.ts'
import type { Probes } from './infrastructure/s3/probes.ts'
import type { BlobStore } from './ports/blob-store.ts'
import type { Clock } from './ports/clock.ts'
import type { Diagnostician } from './ports/diagnosis.ts'
import type { Fetcher } from './ports/fetcher.ts'
import type { Log } from './ports/log.ts'
import { type MetadataStore, MetadataUnavailable } from './ports/metadata-store.ts'
import type { Purger } from './ports/purger.ts'
import type { Scanner } from './ports/scanner.ts'
import type { SchemaVersion } from './ports/schema-version.ts'
import type { SignedPaths } from './ports/signed-paths.ts'
import type { Webhook } from './ports/webhook.ts'
import { readSigningKeys } from './secrets.ts'

/** Which adapter serves which port, by configuration. Each is imported only when it is used, so that unused SDKs cost nothing. */

/** `beside the server`: for a command that runs while a server has the embedded database. */
export async function openMetadata(
  config: Config,
  log: Log,
  use: 'as the server' | 'beside the server' = 'as the server',
): Promise<MetadataStore> {
  const address = redisAddress(config)
  if (address) {
    const { createRedisStore } = await import('./infrastructure/redis/store.ts')
    return createRedisStore({ ...address, log }).catch((cause) => {
      throw redisProblem(cause, config)
    })
  }
  const { createSqliteStore } = await import('./infrastructure/sqlite/store.ts')
  return createSqliteStore({ directory: config.DATA_DIR, exclusive: use === 'as the server' })
}

/** Which schema the metadata have, and which one this code knows; changes nothing, beside a running server too. */
export async function readSchema(config: Config): Promise<SchemaVersion> {
  const address = redisAddress(config)
  if (address) {
    const { readRedisSchema } = await import('./infrastructure/redis/schema-version.ts')
    return readRedisSchema(address).catch((cause) => {
      throw redisProblem(cause, config)
    })
  }
  const { readSqliteSchema } = await import('./infrastructure/sqlite/schema-version.ts')
  return readSqliteSchema(config.DATA_DIR)
}

/** Undefined where the embedded database serves. */
function redisAddress({ REDIS_URL: url, REDIS_CLUSTER_URLS: clusterUrls }: Config) {
  if (url !== undefined) return { url }
  return clusterUrls.length > 0 ? { clusterUrls } : undefined
}

/** What whoever started the server can do about it; only here may the address be named, and never a password in it. */
function redisProblem(error: unknown, { REDIS_URL, REDIS_CLUSTER_URLS }: Config): unknown {
  const isRefused = error instanceof Error && /^(WRONGPASS|NOAUTH)\b/.test(error.message)
  if (!(error instanceof MetadataUnavailable) && !isRefused) return error
  const variable = REDIS_URL ? 'REDIS_URL' : 'REDIS_CLUSTER_URLS'
  const places = [REDIS_URL ?? REDIS_CLUSTER_URLS].flat().map((url) => URL.parse(url)?.host || 'this machine')
  return new ConfigError(
    `${variable}: no connection to Redis at ${places.join(', ')} (${(error as Error).message}). ` +
      'See that it runs (redis-server), and that the address, user and password are right.',
    { cause: error },
  )
}

interface OpenedBlobs {
  blobs: BlobStore
  /** What answers at presigned addresses, where the store needs our server for that. */
  signedPaths?: SignedPaths
  /** Whether strangers can read what lies in the store, so that nothing in it can be private. */
  isPublic: boolean
}

interface BlobsDependencies {
  clock: Clock
  log: Log
  /** Told the name of each request that goes over the network to the storage. */
  onStorageRequest?: ((name: string) => void) | undefined
}

export async function openBlobs(config: Config, dependencies: BlobsDependencies): Promise<OpenedBlobs> {
  if (config.AWS_S3_BUCKET_NAME !== undefined) return openBucket(config, config.AWS_S3_BUCKET_NAME, dependencies)
  const { createFilesystemStore } = await import('./infrastructure/filesystem/store.ts')
  const keys = readSigningKeys(config, 'storage')
  const blobs = await createFilesystemStore({
    directory: path.join(config.DATA_DIR, 'blobs'),
    // A path: whoever asked for it knows best how this server is reached.
    baseUrl: () => '',
    signingKey: keys.current,
    previousSigningKeys: keys.previous,
    maxBytes: config.MAX_UPLOAD_BYTES,
    clock: dependencies.clock,
  })
  return { blobs, signedPaths: blobs.signedPaths, isPublic: false }
}

async function openBucket(
  config: Config,
  bucket: string,
  { clock, log, onStorageRequest }: BlobsDependencies,
): Promise<OpenedBlobs> {
  const { createS3Store } = await import('./infrastructure/s3/store.ts')
  const blobs = createS3Store({
    ...bucketOf(config, bucket),
    ...(onStorageRequest && { onRequest: onStorageRequest }),
    clock,
  })
  try {
    return { blobs, isPublic: await checkBucket(blobs, bucket, log) }
  } catch (error) {
    await blobs.close()
    throw error
  }
}

function bucketOf(config: Config, bucket: string) {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = config
  const endpoint = config.AWS_ENDPOINT_URL_S3 ?? config.AWS_ENDPOINT_URL
  const keys = accessKeyId && secretAccessKey && { accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) }
  return {
    bucket,
    region: config.AWS_REGION,
    ...(endpoint && { endpoint }),
    forcePathStyle: config.S3_FORCE_PATH_STYLE,
    ...(keys && { credentials: async () => keys }),
  }
}

/** Those who look at the parts that the settings name, and can put some things right. */
export async function openDiagnosticians(config: Config, { clock, log }: BlobsDependencies): Promise<Diagnostician[]> {
  const found: Diagnostician[] = []
  const address = redisAddress(config)
  if (address) {
    const { createRedisDiagnostician } = await import('./infrastructure/redis/diagnosis.ts')
    found.push(
      await createRedisDiagnostician(address, { clock, log }).catch((cause) => {
        throw redisProblem(cause, config)
      }),
    )
  }
  if (config.AWS_S3_BUCKET_NAME !== undefined) {
    const { createS3Diagnostician } = await import('./infrastructure/s3/diagnosis.ts')
    const pageOrigin = config.PUBLIC_URL && new URL(config.PUBLIC_URL).origin
    found.push(createS3Diagnostician({ ...bucketOf(config, config.AWS_S3_BUCKET_NAME), pageOrigin, clock }))
  }
  return found
}

/**
 * Whether strangers can read the bucket. Throws ConfigError if it can't be used: better now, in words, than at the first
 * upload.
 */
async function checkBucket(blobs: Probes, bucket: string, log: Log): Promise<boolean> {
  const [isPublic, isConditional] = await Promise.all([blobs.isPubliclyReadable(), blobs.hasConditionalWrites()]).catch(
    (cause: Error) => {
      const reason = cause.cause instanceof Error ? cause.cause.message || cause.cause.name : cause.message
      throw new ConfigError(
        `AWS_S3_BUCKET_NAME: the bucket ${bucket} does not answer or refuses (${reason}). See that it exists, that ` +
          'AWS_ENDPOINT_URL_S3 and AWS_REGION are those of the bucket, and that the credentials may put, get and delete.',
        { cause },
      )
    },
  )
  if (!isConditional) {
    throw new ConfigError(
      `AWS_S3_BUCKET_NAME: the store of ${bucket} ignores If-None-Match, so two servers could overwrite each other's ` +
        'pictures. Use one with conditional writes, such as Amazon S3 or a current Ceph or MinIO.',
    )
  }
  if (isPublic) {
    log.warn(
      { bucket },
      'Anybody can read uploads/ in this bucket, so it can hold no private image: block public access to it in the ' +
        'bucket policy, then start again.',
    )
  }
  return isPublic
}

export async function openFetcher(config: Config): Promise<Fetcher> {
  const { createHttpFetcher } = await import('./infrastructure/http-fetcher/fetcher.ts')
  return createHttpFetcher({ allowedPorts: config.IMPORT_PORTS.map(Number), timeoutMs: config.IMPORT_SECONDS * 1000 })
}

/** The scanner that the settings name, if they name one. */
export async function openScanner(config: Config): Promise<Scanner | undefined> {
  if (config.CLAMD_URL === undefined) return undefined
  const { createClamdScanner } = await import('./infrastructure/clamd/scanner.ts')
  return createClamdScanner({ url: config.CLAMD_URL, timeoutMs: config.CLAMD_SECONDS * 1000 })
}

/** Longer than a receiver that notes and answers needs, and shorter than the time that a stopping server has. */
const webhookMs = 5_000

/** The webhook that the settings name, if they name one. */
export async function openWebhook(config: Config, clock: Clock): Promise<Webhook | undefined> {
  const { REPORT_WEBHOOK_URL: url, REPORT_WEBHOOK_SECRET: secret } = config
  if (url === undefined || secret === undefined) return undefined
  const { createWebhook } = await import('./infrastructure/webhook/webhook.ts')
  return createWebhook({ url, secret, timeoutMs: webhookMs, clock })
}

/** How long a CDN may take to answer that it lets go. */
const purgeTimeoutMs = 10_000

/** Whoever tells shared caches to let go, if the settings name one. */
export async function openPurger(config: Config): Promise<Purger | undefined> {
  if (config.CDN_PURGE_URL === undefined) return undefined
  const { createCdnPurger } = await import('./infrastructure/cdn/purger.ts')
  return createCdnPurger({ url: config.CDN_PURGE_URL, token: config.CDN_PURGE_TOKEN, timeoutMs: purgeTimeoutMs })
}

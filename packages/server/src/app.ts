import { mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Logger } from 'pino'
import { openBlobs, openFetcher, openMetadata, openPurger, openScanner, openWebhook } from './adapters.ts'
import type { Config } from './config.ts'
import { createDelivering } from './delivering.ts'
import { createMetrics } from './http/metrics.ts'
import { presentNotice } from './http/present/report.ts'
import { createServer } from './http/server.ts'
import { createRetention } from './jobs/retention.ts'
import { createSweeper, type Sweeper } from './jobs/sweeper.ts'
import { createLog } from './log.ts'
import { createPeople } from './people.ts'
import type { BlobStore } from './ports/blob-store.ts'
import { type Clock, systemClock } from './ports/clock.ts'
import type { Fetcher } from './ports/fetcher.ts'
import type { MetadataStore } from './ports/metadata-store.ts'
import { checkSecrets, readSigningKeys } from './secrets.ts'
import { createAccountDeletion } from './services/account-deletion.ts'
import { createAccountExport } from './services/account-export.ts'
import { createAdoption } from './services/adoption.ts'
import { createAudit } from './services/audit.ts'
import { createBlocklist } from './services/blocklist.ts'
import { createBulk } from './services/bulk.ts'
import { createChosenImages } from './services/chosen-images.ts'
import { createDeleteLinks } from './services/delete-links.ts'
import { createDrafts } from './services/drafts.ts'
import { createDropUploads } from './services/drop-uploads.ts'
import { createGuests } from './services/guests.ts'
import { createHeldImages } from './services/held.ts'
import { createIdempotency } from './services/idempotency.ts'
import { createImageMaker } from './services/image-maker.ts'
import { createImageReader } from './services/image-reader.ts'
import { createImageSearch } from './services/image-search.ts'
import { createImages } from './services/images.ts'
import { createImports } from './services/imports.ts'
import { createLabels } from './services/labels.ts'
import { createPictures, type OnStep } from './services/pictures.ts'
import { createPurges } from './services/purges.ts'
import { createRateLimits } from './services/rate-limits.ts'
import { createReportNotices } from './services/report-notices.ts'
import { createReports } from './services/reports.ts'
import { scanStep } from './services/scan-step.ts'
import { createSealing } from './services/sealing.ts'
import type { Settings } from './services/settings.ts'
import type { Setup } from './services/setup.ts'
import { createSpool, type Spool } from './services/spool.ts'
import { createTotalUsage } from './services/total-usage.ts'
import { createTrash } from './services/trash.ts'
import { uploadSteps } from './services/upload-steps.ts'
import { createUploads, type Uploads } from './services/uploads.ts'
import { createUsers } from './services/users.ts'
import type { VariantsAhead } from './services/variants-ahead.ts'
import { createViews, type Views } from './services/views.ts'
import { createWorkQueue } from './services/work-queue.ts'
import { createSharing } from './sharing.ts'

export interface App {
  server: FastifyInstance
  metadata: MetadataStore
  blobs: BlobStore
  sweeper: Sweeper
  views: Views
  setup: Setup
  settings: Settings
  ahead: VariantsAhead
  uploads: Uploads
  spool: Spool
  log: Logger
  /** Refuses new work from now on: `/ready` turns red. */
  beginStop(): void
  /** Lets requests finish, writes what is in memory, lets go of stores. */
  close(): Promise<void>
}

export interface AppOptions {
  clock?: Clock
  log?: Logger
  /** Called after each step of an upload: tests stop the process there. */
  onStep?: OnStep
  /** Told the name of each request that goes over the network to the storage: tests count them. */
  onStorageRequest?: (name: string) => void
  /** Replaces the fetcher that connects to public addresses only. */
  fetcher?: Fetcher
  /** Whether a server may be running on the same data; then the sweeper is not to be started. */
  isBesideServer?: boolean
  /** Replaces `failedLoginMs`, which would make tests slow. */
  failedLoginMs?: number
}

/** Measured: 1,000,000 rounds of Werkzeug's pbkdf2 119 ms, its scrypt 72, our argon2id 28; a slow machine takes four times as long. */
const failedLoginMs = 500
/** Bodies that wait in memory for their turn; larger and further ones wait in files. */
const spoolMemoryBytes = 64 * 1024 * 1024
/** Config → adapters → services → http. The only place that knows all of them. */
export async function createApp(config: Config, options: AppOptions = {}): Promise<App> {
  const { clock = systemClock, log = createLog(config), onStorageRequest } = options
  checkSecrets(config)
  mkdirSync(config.DATA_DIR, { recursive: true, mode: 0o700 })
  const openedMetadata = await openMetadata(config, log, options.isBesideServer ? 'beside the server' : 'as the server')
  const {
    blobs: openedBlobs,
    signedPaths,
    isPublic,
  } = await openBlobs(config, { clock, log, onStorageRequest }).catch(async (error) => {
    await openedMetadata.close()
    throw error
  })

  const slots = config.WORK_SLOTS || availableParallelism()
  const work = createWorkQueue({
    memoryBytes: config.WORK_MEMORY_BYTES,
    slots,
    queue: config.WORK_QUEUE,
  })
  const metrics = createMetrics({ work, freeDiskBytes: () => freeBytes(config.DATA_DIR) })
  const metadata = metrics.timeStore('metadata', openedMetadata)
  const blobs = metrics.timeStore('bytes', openedBlobs)
  const onStep: OnStep = (name) => {
    metrics.countStep(name)
    return options.onStep?.(name)
  }
  const spool = createSpool({
    directory: path.join(config.DATA_DIR, 'incoming'),
    maxBytes: config.MAX_UPLOAD_BYTES,
    memoryBytes: spoolMemoryBytes,
  })
  const limits = {
    maxPixels: config.MAX_IMAGE_PIXELS,
    maxFrames: config.MAX_IMAGE_FRAMES,
    maxSide: config.MAX_IMAGE_SIDE,
  }
  const scanner = await openScanner(config)
  const steps = scanner ? [...uploadSteps, scanStep({ scanner, whenAway: config.CLAMD_AWAY, log })] : uploadSteps
  const pictures = createPictures({ work, limits, steps: metrics.timeSteps(steps), onStep })
  const sealing = createSealing(readSigningKeys(config, 'labels'))
  const labels = createLabels({ sealing, blobs, images: metadata.images })
  const adoption = createAdoption({ images: metadata.images, blobs, spool, pictures, labels, log })
  const reader = createImageReader({ images: metadata.images, adoption, clock })
  const views = createViews({ images: metadata.images, log })
  const rateLimits = createRateLimits({
    ...metadata,
    clock,
    numbers: {
      login: config.RATE_LOGIN,
      password: config.RATE_LOGIN_NAME,
      register: config.RATE_REGISTER,
      upload: config.RATE_UPLOAD,
      complete: config.RATE_COMPLETE,
      import: config.RATE_IMPORT,
      bulk: config.RATE_BULK,
      drop: config.RATE_DROP,
      export: config.RATE_EXPORT,
      report: config.RATE_REPORT,
      transform: config.RATE_TRANSFORM,
      read: config.RATE_READ,
    },
  })
  const audit = createAudit({ ...metadata, clock, log })
  const people = createPeople({ config, metadata, audit, clock, failedLoginMs: options.failedLoginMs ?? failedLoginMs })
  const { keys, sessions, accounts, setup, settings, forgetCallers } = people
  const rules = {
    maxBytes: config.MAX_UPLOAD_BYTES,
    presignSeconds: config.PRESIGN_SECONDS,
    guestQuota: guestRules(config).quota,
    expiry: { defaultSeconds: config.EXPIRES_IN_DEFAULT, maxSeconds: config.EXPIRES_IN_MAX },
    isStoragePublic: () => isPublic,
  }
  const shared = { ...metadata, settings, blobs, spool, labels, clock, rules, onStep }
  const drafts = createDrafts(shared)
  const sharing = createSharing({ ...people, ...rules, config, metadata, blobs, reader, clock })
  const { albums, contents, grants, intake } = sharing
  const { delivery, removal, ahead, transforms } = createDelivering({
    config,
    metadata,
    blobs,
    reader,
    views,
    clock,
    log,
    work,
    slots,
    limits,
    ...sharing,
    onStep: (name) => {
      metrics.countVariantStep(name)
      return options.onStep?.(name)
    },
  })
  const purges = createPurges({ purger: await openPurger(config), onPurge: metrics.countPurge, log })
  const maker = createImageMaker({ ...shared, drafts, intake, pictures, onMade: ahead.add })
  const blocklist = createBlocklist({ blocklist: metadata.blocklist, clock })
  const uploads = createUploads({ ...shared, drafts, maker, intake, blocklist })
  const images = createImages({ ...shared, ...rules, reader, variants: removal, purges, reports: metadata.reports })
  const records = { imageStore: metadata.images, images, reader, blobs, variants: removal, purges, clock }
  const trash = createTrash({ ...records, trash: metadata.trash, labels, days: config.TRASH_DAYS, log })
  const search = createImageSearch({ ...metadata, contents, clock })
  const linkKeys = readSigningKeys(config, 'delete links')
  const deleteLinks = createDeleteLinks({ ...linkKeys, reader, images })
  const imports = createImports({
    fetcher: options.fetcher ?? (await openFetcher(config)),
    spool,
    uploads,
    maxBytes: config.MAX_UPLOAD_BYTES,
    maxMs: config.IMPORT_SECONDS * 1000,
  })
  const notices = createReportNotices({
    reports: metadata.reports,
    webhook: await openWebhook(config, clock),
    present: (report) => presentNotice(report, config.PUBLIC_URL),
    clock,
    log,
    onNotice: metrics.countNotice,
  })
  const reports = createReports({ ...metadata, records: metadata.images, images, reader, blocklist, notices, clock })
  const chores = [
    createRetention({ ...metadata, days: config.AUDIT_DAYS, clock }),
    { id: 'notices', run: notices.sendDue },
    removal.chore,
    trash.chore,
    albums.chore,
  ]
  const accountDeletion = createAccountDeletion({ metadata, keys, sessions, images, uploads, albums, grants, clock })
  const sweeper = createSweeper({
    metadata,
    accountDeletion,
    uploads,
    images,
    chores,
    settings,
    clock,
    log,
    onRound: metrics.countSweep,
  })

  const isEmbedded = metadata.engine === 'sqlite' || blobs.kind === 'filesystem'

  // Where the page sends bytes to, if not to us.
  const presigned = await blobs.presignPut('incoming/origin', { contentType: 'image/png', expiresInSeconds: 1 })
  const addresses = [presigned.url, config.S3_PUBLIC_URL, config.CONTENT_URL]
  const otherOrigins = [...new Set(addresses.flatMap((address) => URL.parse(address ?? '')?.origin ?? []))]

  let isStopping = false
  const server = createServer({
    logger: log,
    trustedProxies: config.TRUSTED_PROXIES,
    publicUrl: config.PUBLIC_URL,
    contentUrl: config.CONTENT_URL,
    corsOrigins: config.CORS_ORIGINS,
    receiveSeconds: config.RECEIVE_SECONDS,
    metricsToken: config.METRICS_TOKEN,
    limits: { maxBytes: config.MAX_UPLOAD_BYTES, maxFiles: config.MAX_UPLOAD_FILES },
    web: { directory: fileURLToPath(new URL('../../web/dist', import.meta.url)), otherOrigins },
    isStopping: () => isStopping,
    ...people,
    clock,
    rateLimits,
    idempotency: createIdempotency({ ...metadata, clock, log }),
    audit,
    guests: config.ANONYMOUS_UPLOADS ? createGuests(readSigningKeys(config, 'guests'), guestRules(config)) : undefined,
    blocklist,
    reports,
    accountDeletion,
    accountExport: createAccountExport({ ...metadata, accounts, keys, sessions, blobs, clock }),
    users: createUsers({ ...shared, drafts, deletion: accountDeletion, forgetCallers }),
    totalUsage: createTotalUsage({
      ...shared,
      engines: { metadata: metadata.engine, storage: blobs.kind },
      freeDiskBytes: isEmbedded ? () => freeBytes(config.DATA_DIR) : undefined,
    }),
    uploads,
    images,
    search,
    trash,
    chosenImages: createChosenImages({ search, delivery }),
    bulk: createBulk({ imageStore: metadata.images, images, trash, search, contents }),
    ...sharing,
    heldImages: createHeldImages({ ...metadata, ...records, albums, contents }),
    dropUploads: createDropUploads({
      ...metadata,
      ...sharing,
      albums: metadata.albums,
      drops: metadata.drops,
      uploads,
      accounts: metadata.accounts,
      clock,
    }),
    imports,
    deleteLinks,
    delivery,
    transforms,
    deliveryMode:
      config.DELIVERY === 'x-accel' ? { kind: 'x-accel', prefix: config.X_ACCEL_PREFIX } : { kind: config.DELIVERY },
    hasPurge: config.CDN_PURGE_URL !== undefined,
    spool,
    signedPaths,
    metadata,
    blobs,
    metrics,
  })

  return {
    server,
    metadata,
    blobs,
    sweeper,
    views,
    setup,
    settings,
    ahead,
    uploads,
    spool,
    log,
    beginStop: () => {
      isStopping = true
    },
    close: async () => {
      isStopping = true
      await closeServer(server)
      await ahead.close()
      await purges.close()
      await views.close()
      await notices.close()
      await audit.close()
      await blobs.close()
      await metadata.close()
    },
  }
}

/** Connections that are kept alive are closed as soon as their last answer is out, not when their client lets go of them. */
async function closeServer(server: FastifyInstance): Promise<void> {
  const timer = setInterval(() => server.server.closeIdleConnections(), 50)
  await server.close().finally(() => clearInterval(timer))
}

const guestRules = (config: Config) => ({
  expiresInSeconds: config.ANONYMOUS_EXPIRES_IN,
  quota: {
    bytes: config.ANONYMOUS_QUOTA_BYTES,
    images: config.ANONYMOUS_QUOTA_IMAGES,
    drafts: config.MAX_OPEN_DRAFTS,
  },
})

/** What somebody who is not root may still write there. */
async function freeBytes(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory)
  return bavail * bsize
}

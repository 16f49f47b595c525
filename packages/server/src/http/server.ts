import { randomBytes } from 'node:crypto'
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify'
import type { SignedPaths } from '../ports/signed-paths.ts'
import type { AccountDeletion } from '../services/account-deletion.ts'
import type { AccountExport } from '../services/account-export.ts'
import type { Accounts } from '../services/accounts.ts'
import type { AlbumImages } from '../services/album-images.ts'
import type { Albums } from '../services/albums.ts'
import type { Blocklist } from '../services/blocklist.ts'
import type { Bulk } from '../services/bulk.ts'
import type { ChosenImages } from '../services/chosen-images.ts'
import type { Drops } from '../services/drops.ts'
import type { Grants } from '../services/grants.ts'
import type { HeldImages } from '../services/held.ts'
import type { ImageSearch } from '../services/image-search.ts'
import type { Images } from '../services/images.ts'
import type { Invites } from '../services/invites.ts'
import type { LoginLimits } from '../services/login-limits.ts'
import type { Registration } from '../services/registration.ts'
import type { Reports } from '../services/reports.ts'
import type { Settings } from '../services/settings.ts'
import type { Setup } from '../services/setup.ts'
import type { ShareOpenings } from '../services/share-openings.ts'
import type { Shares } from '../services/shares.ts'
import type { TotalUsage } from '../services/total-usage.ts'
import type { Trash } from '../services/trash.ts'
import type { TwoFactor } from '../services/two-factor.ts'
import type { Uploads } from '../services/uploads.ts'
import type { Users } from '../services/users.ts'
import { accountsHttp } from './accounts.ts'
import { albumsHttp } from './albums.ts'
import { answerSchemas } from './answer-schema.ts'
import { auditHttp } from './audit.ts'
import { blocklistHttp } from './blocklist.ts'
import { brokenRequestAnswer } from './broken-request.ts'
import { collectionHttp } from './collection.ts'
import { guardContentOrigin } from './content-origin.ts'
import { answerOtherSites, createCrossOrigin } from './cross-origin.ts'
import { deleteLinksHttp } from './delete-links.ts'
import { type DeliveryDependencies, deliveryHttp } from './delivery.ts'
import type { DropIntakeDependencies } from './drop-intake.ts'
import { dropsHttp } from './drops.ts'
import { answerErrors, createErrorAnswer } from './errors.ts'
import { grantsHttp } from './grants.ts'
import { imagesHttp } from './images.ts'
import { invitesHttp } from './invites.ts'
import { acceptJson, maxJsonBytes } from './json-body.ts'
import { keysHttp } from './keys.ts'
import { pagesHttp } from './pages.ts'
import { reportsHttp } from './reports.ts'
import { logRequests } from './request-log.ts'
import { answerHeaders, secureAnswers } from './security-headers.ts'
import { sessionsHttp } from './sessions.ts'
import { settingsHttp } from './settings.ts'
import { setupHttp } from './setup.ts'
import { sharesHttp } from './shares.ts'
import { type SystemDependencies, systemHttp } from './system.ts'
import { trashHttp } from './trash.ts'
import { twoFactorHttp } from './two-factor.ts'
import type { IntakeDependencies } from './upload-intake.ts'
import { uploadsHttp } from './uploads.ts'
import { usersHttp } from './users.ts'
import { type WebDependencies, webHttp } from './web.ts'

interface ServerDependencies
  extends DeliveryDependencies,
    SystemDependencies,
    IntakeDependencies,
    DropIntakeDependencies {
  logger: FastifyBaseLogger
  trustedProxies: readonly string[]
  receiveSeconds: number
  accounts: Accounts
  accountDeletion: AccountDeletion
  accountExport: AccountExport
  registration: Registration
  loginLimits: LoginLimits
  twoFactor: TwoFactor
  setup: Setup
  settings: Settings
  invites: Invites
  users: Users
  web: WebDependencies
  totalUsage: TotalUsage
  blocklist: Blocklist
  reports: Reports
  uploads: Uploads
  images: Images
  search: ImageSearch
  bulk: Bulk
  chosenImages: ChosenImages
  trash: Trash
  albums: Albums
  contents: AlbumImages
  grants: Grants
  drops: Drops
  shares: Shares
  shareOpenings: ShareOpenings
  heldImages: HeldImages
  signedPaths?: SignedPaths | undefined
}

/** Headers of a request must be here within this time: against senders of a byte a minute. */
const headersTimeoutMs = 15_000

/** The HTTP server with every row of the contract mounted; it does not listen yet. */
export function createServer(deps: ServerDependencies): FastifyInstance {
  const safeHeaders = answerHeaders(deps.publicUrl)
  const answerError = createErrorAnswer(deps.metrics)
  const app = Fastify({
    loggerInstance: deps.logger,
    // One line of our own instead of two of the framework's: see request-log.ts.
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: deps.trustedProxies.length > 0 ? [...deps.trustedProxies] : false,
    genReqId: createRequestIds(),
    // A logger for each request costs as much as a redirect; the lines name the request themselves.
    childLoggerFactory: (logger) => logger,
    schemaController: answerSchemas,
    bodyLimit: maxJsonBytes,
    requestTimeout: deps.receiveSeconds * 1000,
    http: { headersTimeout: Math.min(headersTimeoutMs, deps.receiveSeconds * 1000) },
    clientErrorHandler: brokenRequestAnswer(safeHeaders),
    // Addresses that no route can have pass by all hooks.
    frameworkErrors: (error, request, reply) => answerError(error, request, reply.headers(safeHeaders)),
    forceCloseConnections: 'idle',
    // What still comes on a connection of a proxy while the server stops is answered as ever, and as the last one there; the
    // framework's own answer is a 503 in words that are not ours (seen by readers while a release was rolled).
    return503OnClosing: false,
    routerOptions: { maxParamLength: 200 },
  })
  app.decorateRequest('caller', undefined)
  acceptJson(app)
  answerErrors(app, answerError)
  secureAnswers(app, safeHeaders)
  answerOtherSites(app, deps.corsOrigins, createCrossOrigin(deps.corsOrigins))
  guardContentOrigin(app, deps.contentUrl)
  logRequests(app)
  deps.metrics.observe(app)
  systemHttp(app, deps, deps)
  accountsHttp(app, deps, deps)
  keysHttp(app, deps, deps.keys)
  sessionsHttp(app, deps, deps.accounts, deps.sessions, deps.loginLimits)
  twoFactorHttp(app, deps, deps.accounts, deps.twoFactor)
  setupHttp(app, deps, deps.accounts, deps.setup)
  settingsHttp(app, deps, deps.settings)
  invitesHttp(app, deps, deps.invites)
  usersHttp(app, deps, deps.users, deps.totalUsage)
  uploadsHttp(app, deps, deps)
  imagesHttp(app, deps, deps.images, deps.delivery, deps.uploads, deps.search, deps.contents)
  collectionHttp(app, deps, deps)
  trashHttp(app, deps, deps.trash)
  albumsHttp(app, deps, deps)
  grantsHttp(app, deps, deps.grants)
  dropsHttp(app, deps, deps)
  sharesHttp(app, deps, deps)
  deliveryHttp(app, deps)
  pagesHttp(app, deps, deps)
  deleteLinksHttp(app, deps, deps.deleteLinks)
  auditHttp(app, deps, deps.audit)
  blocklistHttp(app, deps, deps.blocklist)
  reportsHttp(app, deps, deps.reports)
  webHttp(app, deps.web)
  return app
}

/** A name for each request that no two processes share: 48 random bits of the process and a count. */
function createRequestIds(): () => string {
  const start = randomBytes(6).toString('base64url')
  let count = 0
  return () => {
    count = (count + 1) % Number.MAX_SAFE_INTEGER
    return `${start}-${count.toString(36)}`
  }
}

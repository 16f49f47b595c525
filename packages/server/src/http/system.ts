import { AppError } from '@imagehost/contract/errors'
import { openapi } from '@imagehost/contract/openapi'
import { systemRoutes } from '@imagehost/contract/system'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { BlobStore } from '../ports/blob-store.ts'
import type { MetadataStore } from '../ports/metadata-store.ts'
import type { Settings } from '../services/settings.ts'
import { hasToken } from './bearer.ts'
import type { Metrics } from './metrics.ts'
import { type MountDependencies, mount } from './mount.ts'
import type { MultipartLimits } from './multipart.ts'
import { docsPage } from './pages/docs.ts'
import { isFromThisMachine } from './this-machine.ts'

export interface SystemDependencies {
  metadata: Pick<MetadataStore, 'engine' | 'ping'>
  blobs: Pick<BlobStore, 'ping'>
  metrics: Metrics
  metricsToken?: string | undefined
  /** True from the moment that the server was told to stop: load balancers then look elsewhere. */
  isStopping: () => boolean
  settings: Pick<Settings, 'get'>
  limits: MultipartLimits
}

export function systemHttp(app: FastifyInstance, deps: MountDependencies, system: SystemDependencies): void {
  const { metadata, blobs, metrics, metricsToken, isStopping, settings, limits } = system
  mount(app, systemRoutes, deps, {
    health: () => ({ status: 'ok' }),
    live: () => ({ status: 'ok' }),
    site: async () => ({
      registration: (await settings.get()).registration,
      max_upload_bytes: limits.maxBytes,
      anonymous_uploads: deps.guests !== undefined,
    }),
    redisCheck: async () => {
      if (metadata.engine === 'sqlite') return { redis: false, engine: 'sqlite' }
      await metadata.ping().catch((cause) => {
        throw new AppError('redis_unreachable', { cause })
      })
      return { redis: true }
    },
    ready: async () => {
      if (isStopping()) throw new AppError('overloaded', { message: 'The server is stopping.', retryAfterSeconds: 5 })
      await Promise.all([metadata.ping(), blobs.ping()])
      return { status: 'ok' }
    },
    metrics: async (_input, { request, reply }) => {
      if (!mayReadMetrics(request, metricsToken)) throw new AppError('auth')
      return reply.type(metrics.contentType).send(await metrics.print())
    },
    openapi: (_input, { baseUrl, reply }) => reply.type('application/json').send(openapi(baseUrl)),
    docs: (_input, { reply }) =>
      reply
        .type('text/html; charset=utf-8')
        .header(
          'content-security-policy',
          "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
        )
        .send(docsPage()),
  })
}

/** The token, or a program on this very machine; a forwarding header means that somebody else is behind it. */
function mayReadMetrics(request: FastifyRequest, token: string | undefined): boolean {
  if (token !== undefined) return hasToken(request, token)
  return isFromThisMachine(request)
}

import { AppError } from '@imagehost/contract/errors'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { signedPathPrefix } from '../ports/signed-paths.ts'

/**
 * Keeps what users uploaded on an origin of its own, so that whatever a browser may one day take a picture for, it is far from
 * sessions and pages: there nothing else answers.
 */
export function guardContentOrigin(app: FastifyInstance, contentUrl: string | undefined): void {
  if (contentUrl === undefined) return
  const { host } = new URL(contentUrl)
  app.addHook('onRequest', (request, _reply, done) => {
    const isContent = request.url.startsWith('/i/') || request.url.startsWith(signedPathPrefix)
    done(request.host === host && !isContent ? new AppError('not_found') : undefined)
  })
}

/**
 * Where else this belongs. Whoever shows a key or a session is answered where they ask, since neither counts on the other
 * origin.
 */
export function createContentAddress(contentUrl: string | undefined): (request: FastifyRequest) => string | undefined {
  if (contentUrl === undefined) return () => undefined
  const { host } = new URL(contentUrl)
  return (request) => (request.host === host || request.caller ? undefined : contentUrl + request.url)
}

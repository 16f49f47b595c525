import type { FastifyInstance, FastifyRequest } from 'fastify'

type Headers = Readonly<Record<string, string>>

/** Tells the browser whether scripts of the asking site may read the answer. */
type CrossOrigin = (request: FastifyRequest) => Headers

/** What scripts may read besides the headers that they always may. */
const exposed =
  'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After'

/** What scripts may send besides what they always may. */
const accepted = 'Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, X-API-Key'

/** Chromium remembers the answer to a preflight no longer. */
const preflightSeconds = 7_200

/**
 * CORS for the sites that the configuration names, and for nobody without it. There is no
 * `Access-Control-Allow-Credentials`: other sites come with a key that somebody gave them, never with a visitor's cookie,
 * and so `*` opens nothing that a program could not open.
 */
export function createCrossOrigin(origins: readonly string[]): CrossOrigin {
  if (origins.length === 0) return () => nothing
  if (origins.includes('*')) return () => openTo('*')
  const answers = new Map(origins.map((origin) => [origin, { ...openTo(origin), ...varied }]))
  return ({ headers }) => answers.get(headers.origin ?? '') ?? varied
}

const nothing: Headers = {}
/** So that no cache gives one site the answer that was meant for another. */
const varied: Headers = { vary: 'Origin' }

const openTo = (origin: string): Headers => ({
  'access-control-allow-origin': origin,
  'access-control-expose-headers': exposed,
})

/** Bytes that any site may show may be read by any site too: a canvas needs that. */
export const openToAll: Headers = openTo('*')

/** Opens every route that is added from now on to those sites, errors included, and answers their preflights. */
export function answerOtherSites(app: FastifyInstance, origins: readonly string[], crossOrigin: CrossOrigin): void {
  if (origins.length === 0) return
  app.addHook('onRequest', (request, reply, done) => {
    reply.headers(crossOrigin(request))
    done()
  })
  const methods = new Map<string, string[]>()
  app.addHook('onRoute', ({ url, method }) => {
    if (method === 'OPTIONS') return
    const known = methods.get(url)
    if (known) return void known.push(String(method))
    const added = [String(method)]
    methods.set(url, added)
    app.options(url, (_request, reply) => {
      const allowed = added.join(', ')
      if (!reply.hasHeader('access-control-allow-origin')) return reply.code(204).header('allow', allowed).send()
      const answer = {
        allow: allowed,
        'access-control-allow-methods': allowed,
        'access-control-allow-headers': accepted,
        'access-control-max-age': preflightSeconds,
      }
      return reply.code(204).headers(answer).send()
    })
  })
}

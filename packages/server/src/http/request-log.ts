import type { FastifyInstance } from 'fastify'

/**
 * One line per request, without query strings, headers or bodies, since those carry keys and signatures, nor what in a path is a secret. Successful
 * reads of bytes are many and say little, so they appear at `debug` only.
 */
export function logRequests(app: FastifyInstance): void {
  // Looking through each line for secrets costs more than writing it, and these lines are made of what is none.
  const log = app.log.child({}, { redact: [] })
  app.addHook('onResponse', (request, reply, done) => {
    const { method, url, ip } = request
    const isQuiet = reply.statusCode < 400 && (method === 'GET' || method === 'HEAD')
    const level = reply.statusCode >= 500 ? 'error' : isQuiet ? 'debug' : 'info'
    if (app.log.level === 'info' && level === 'debug') return done()
    const path = url.split('?', 1)[0]!.replace(secretPath, '$1…')
    const facts = { method, path, status: reply.statusCode, ms: Math.round(reply.elapsedTime), ip }
    log[level]({ request_id: request.id, ...facts, ...(request.caller && { uid: request.caller.uid }) }, 'request')
    done()
  })
}

/** Addresses whose last part opens something; of links that are given away there is enough to tell them apart. */
const secretPath = /^(\/delete\/|\/(?:s|d|api\/v1\/share|api\/v1\/drop)\/.{0,4}).*/

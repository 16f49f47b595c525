import { AppError } from '@imagehost/contract/errors'
import type { Route } from '@imagehost/contract/route'
import type { FastifyRequest, onSendAsyncHookHandler, preHandlerAsyncHookHandler } from 'fastify'
import { isGuest } from '../services/access.ts'
import type { Attempt, Idempotency } from '../services/idempotency.ts'

/**
 * `Idempotency-Key` on a row (draft-ietf-httpapi-idempotency-key-header): a repetition gets the answer of the first one.
 * Only successes are kept, so that what was refused can be tried again.
 */
export function repeatable(
  { method, path }: Route,
  idempotency: Idempotency,
): { preHandler: preHandlerAsyncHookHandler; onSend: onSendAsyncHookHandler<unknown> } {
  const attempts = new WeakMap<FastifyRequest, Attempt>()
  return {
    preHandler: async (request, reply) => {
      const key = keyOf(request)
      // Guests behind one address are not the same client.
      if (key === undefined || !request.caller || isGuest(request.caller)) return
      // The bytes of an upload are not read for this: they are what a repetition wants to save.
      const content = [request.query, request.body]
      const begun = await idempotency.begin({ uid: request.caller.uid, route: `${method} ${path}`, key, content })
      if ('status' in begun) {
        const headers = { 'idempotency-replayed': 'true', 'content-type': 'application/json; charset=utf-8' }
        return reply.code(begun.status).headers(headers).send(begun.body)
      }
      attempts.set(request, begun)
      // Also where the client goes away before there is an answer.
      reply.raw.once('close', () => void begun.end())
    },
    onSend: async (request, { statusCode }, payload) => {
      const attempt = attempts.get(request)
      const isSuccess = statusCode >= 200 && statusCode < 300
      if (attempt && isSuccess && typeof payload === 'string') await attempt.keep(statusCode, withoutSecret(payload))
      await attempt?.end()
      return payload
    },
  }
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined || (typeof key === 'string' && /^[\x21-\x7e]{1,255}$/.test(key))) return key
  const message = 'An `Idempotency-Key` has 1 to 255 visible ASCII characters.'
  throw new AppError('validation', { message, details: { field: 'headers.idempotency-key' } })
}

/** An answer is kept without the link that deletes its image: what is stored must not open anything. */
function withoutSecret(payload: string): string {
  if (!payload.includes('"delete_url"')) return payload
  return JSON.stringify(JSON.parse(payload, (name, value) => (name === 'delete_url' ? undefined : value)))
}

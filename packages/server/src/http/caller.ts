import type { FastifyRequest } from 'fastify'
import type { Caller } from '../services/access.ts'
import type { Keys } from '../services/keys.ts'
import type { Sessions } from '../services/sessions.ts'
import { sessionSecret } from './browser.ts'
import { requireSameOrigin } from './same-origin.ts'

/** Longer than any key, ours or the Flask project's. */
const maxKeyLength = 1024

/**
 * Who sends this request: by `X-API-Key` or `Authorization: Bearer`, else by the session cookie; undefined if by none of
 * them. Throws `cross_origin` where a cookie comes with a change that another site asks for.
 */
export function callerOf(
  request: FastifyRequest,
  baseUrl: () => string,
  { keys, sessions }: { keys: Keys; sessions: Sessions },
): Promise<Caller | undefined> | Caller | undefined {
  const key = keyOf(request)
  if (key !== undefined) return keys.authenticate(key)
  if (request.headers.cookie === undefined) return undefined
  const secret = sessionSecret(request, baseUrl())
  if (secret === undefined) return undefined
  if (request.method !== 'GET' && request.method !== 'HEAD') requireSameOrigin(request, baseUrl())
  return sessions.authenticate(secret)
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['x-api-key']
  const key = typeof header === 'string' ? header : /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  return key !== undefined && key !== '' && key.length <= maxKeyLength ? key : undefined
}

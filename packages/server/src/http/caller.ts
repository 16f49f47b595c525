import type { FastifyRequest } from 'fastify'
import type { Caller } from '../services/access.ts'
import type { Guests } from '../services/guests.ts'
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

/**
 * Somebody without any credentials: no key, and no cookie of a session that may have ended. Undefined for all others, who
 * want to be told that theirs don't open anything. A page of another site may use its visitors' allowance only if it is
 * among those that may call the API.
 */
export function guestOf(
  request: FastifyRequest,
  baseUrl: () => string,
  { guests, corsOrigins }: { guests?: Guests | undefined; corsOrigins: readonly string[] },
): Caller | undefined {
  const { origin, authorization, 'x-api-key': key, 'sec-fetch-site': site } = request.headers
  if (!guests || key !== undefined || authorization !== undefined) return undefined
  if (sessionSecret(request, baseUrl()) !== undefined) return undefined
  const isAllowed = corsOrigins.includes('*') || (origin !== undefined && corsOrigins.includes(origin))
  if ((origin !== undefined || site !== undefined) && !isAllowed) requireSameOrigin(request, baseUrl())
  return guests.at(request.ip)
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const { 'x-api-key': header, authorization } = headers
  if (header === undefined && authorization === undefined) return undefined
  const key = typeof header === 'string' ? header : /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1]
  return key !== undefined && key !== '' && key.length <= maxKeyLength ? key : undefined
}

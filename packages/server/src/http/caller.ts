import type { FastifyRequest } from 'fastify'
import type { Caller } from '../services/access.ts'
import type { Keys } from '../services/keys.ts'

/** Longer than any key, ours or the Flask project's. */
const maxKeyLength = 1024

/** Who sends this request, by `X-API-Key` or `Authorization: Bearer`; undefined without a valid key. */
export function callerOf(request: FastifyRequest, keys: Keys): Promise<Caller | undefined> | Caller | undefined {
  const key = keyOf(request)
  return key === undefined ? undefined : keys.authenticate(key)
}

function keyOf({ headers }: FastifyRequest): string | undefined {
  const header = headers['x-api-key']
  const key = typeof header === 'string' ? header : /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  return key !== undefined && key !== '' && key.length <= maxKeyLength ? key : undefined
}

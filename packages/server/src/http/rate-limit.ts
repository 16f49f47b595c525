import { AppError } from '@imagehost/contract/errors'
import type { Limit } from '@imagehost/contract/limits'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { RateLimits, Reading } from '../services/rate-limits.ts'

/** Counts this request against its kind, and says so in the headers. Throws `rate_limited`. */
export function obeyLimit(
  kind: Limit,
  rateLimits: RateLimits,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Promise<void> | void {
  if (!rateLimits.isLimited(kind)) return
  // Fastify believes X-Forwarded-For only from trusted proxies, and then only what the last of them saw itself.
  const reading = rateLimits.take(kind, { uid: request.caller?.uid, address: request.ip })
  const obey = (read: Reading) => obeyReading(read, reply)
  return reading instanceof Promise ? reading.then(obey) : obey(reading)
}

/** The fields of draft-ietf-httpapi-ratelimit-headers, as clients know them by now. */
function obeyReading(
  { allowed, limit, remaining, resetSeconds, retryAfterSeconds }: Reading,
  reply: FastifyReply,
): void {
  reply.headers({ 'ratelimit-limit': limit, 'ratelimit-remaining': remaining, 'ratelimit-reset': resetSeconds })
  if (!allowed) throw new AppError('rate_limited', { retryAfterSeconds, details: { limit } })
}

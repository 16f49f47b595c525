import { AppError } from '@imagehost/contract/errors'
import type { FastifyRequest } from 'fastify'

/**
 * Against other sites that let a visitor's browser act with the visitor's cookie (CSRF). Browsers say where a request
 * comes from: by `Sec-Fetch-Site`, older ones by `Origin`. What says neither is no page of ours. Throws `cross_origin`.
 */
export function requireSameOrigin({ headers }: FastifyRequest, baseUrl: string): void {
  const site = headers['sec-fetch-site']
  const { origin } = headers
  const isOwn = origin === undefined ? site === 'same-origin' : origin === URL.parse(baseUrl)?.origin
  if (!isOwn || (site !== undefined && site !== 'same-origin')) throw new AppError('cross_origin')
}

import type { FastifyRequest } from 'fastify'

/**
 * What links begin with: PUBLIC_URL, else how this request reached us. Fastify believes `X-Forwarded-*` only from
 * trusted proxies; a forged Host changes only the links in the forger's own answer.
 */
export function baseUrlOf(request: FastifyRequest, publicUrl: string | undefined): string {
  return publicUrl ?? `${request.protocol}://${request.host}`
}

/** Storage of our own presigns paths, which anybody must be able to follow from where they reached us. */
export const absoluteUrl = (url: string, baseUrl: string): string => (url.startsWith('/') ? baseUrl + url : url)

/** What addresses begin with: those of pages and of the API, and those of what users uploaded. */
export interface Origins {
  readonly page: string
  readonly content: string
}

import type { FastifyReply, FastifyRequest } from 'fastify'
import { requireSameOrigin } from './same-origin.ts'

/** With this prefix browsers take the cookie only over https, for this very host, and from no subdomain (RFC 6265bis). */
const secureName = '__Host-imagehost'
/** For http on the own machine, where the prefix would be refused. */
const plainName = 'imagehost'
/** Node takes 16 KB of headers; a longer search would only serve an attacker. */
const maxCookies = 100

/** What a handler that deals with the session cookie may know of the browser, and tell it. */
export interface Browser {
  /** The secret in the session cookie, if there is one. */
  readonly secret: string | undefined
  readonly userAgent: string | undefined
  /** Sets the session cookie. */
  remember(secret: string, maxAgeSeconds: number): void
  forget(): void
  /** Throws `cross_origin` if a page of somebody else made it ask. */
  requireSameOrigin(): void
}

export function createBrowser(request: FastifyRequest, reply: FastifyReply, baseUrl: string): Browser {
  const isSecure = baseUrl.startsWith('https:')
  const remember = (secret: string, maxAgeSeconds: number) => {
    const attributes = `Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeSeconds}${isSecure ? '; Secure' : ''}`
    reply.header('set-cookie', `${isSecure ? secureName : plainName}=${secret}; ${attributes}`)
  }
  return {
    secret: sessionSecret(request, baseUrl),
    userAgent: request.headers['user-agent'],
    remember,
    forget: () => remember('', 0),
    requireSameOrigin: () => requireSameOrigin(request, baseUrl),
  }
}

/** What the session cookie holds, whoever put it there. */
export function sessionSecret({ headers }: FastifyRequest, baseUrl: string): string | undefined {
  return cookieIn({ headers }, baseUrl.startsWith('https:') ? secureName : plainName)
}

/** The value of one cookie. */
export function cookieIn({ headers }: Pick<FastifyRequest, 'headers'>, name: string): string | undefined {
  if (headers.cookie === undefined) return undefined
  const start = `${name}=`
  const cookie = headers.cookie
    .split(';', maxCookies)
    .map((part) => part.trim())
    .find((part) => part.startsWith(start))
  return cookie?.slice(start.length)
}

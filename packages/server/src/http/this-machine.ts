import type { FastifyRequest } from 'fastify'
import { isLoopback } from '../services/network.ts'

/** Set by proxies: somebody else is behind the one that connects. */
const forwardingHeaders = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'x-real-ip', 'via']

/**
 * Whether a program on this very machine asks, for itself. HTTP/1.0 is what nginx speaks to a server behind it, and says
 * nothing of whom it serves, as long as nobody configures it otherwise; programs of today speak 1.1.
 */
export const isFromThisMachine = ({ headers, socket, raw }: FastifyRequest): boolean =>
  raw.httpVersion !== '1.0' &&
  !forwardingHeaders.some((name) => headers[name] !== undefined) &&
  isLoopback(socket.remoteAddress ?? '')

/**
 * Whether, besides, its user means this machine: not a page elsewhere, in a browser that runs here, which says so by its
 * `Origin`; nor one whose own name was made to lead here (DNS rebinding), which says so by the `Host`.
 */
export function isMeantForThisMachine(request: FastifyRequest): boolean {
  const { origin } = request.headers
  const names = [request.hostname, ...(origin === undefined ? [] : [URL.parse(origin)?.hostname ?? ''])]
  return isFromThisMachine(request) && names.every(isLoopback)
}

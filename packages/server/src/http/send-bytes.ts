import type { OutgoingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply } from 'fastify'

/**
 * Answers past the framework, which would serialise, measure and copy: what is in memory goes out in one write. A stream
 * is ended with the connection if the client goes away.
 */
export function sendBytes(
  reply: FastifyReply,
  status: number,
  headers: OutgoingHttpHeaders,
  body?: Buffer | Readable,
): void {
  reply.hijack()
  reply.raw.writeHead(status, headers)
  if (body instanceof Readable) {
    // The status is out, so all that a failure can do is cut the connection: the length tells the client.
    pipeline(body, reply.raw).catch((error) => reply.log.debug({ err: error }, 'Stream ended early.'))
  } else {
    reply.raw.end(body)
  }
}

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'

const mime = 'application/x-ndjson'

/** Whether the client asks for one JSON document in each line. */
export const wantsLines = ({ headers }: FastifyRequest): boolean =>
  headers.accept?.toLowerCase().includes(mime) ?? false

/** Sends items as they come and as the client takes them; whoever leaves ends the reading too. */
export function sendLines(items: AsyncIterable<object>, reply: FastifyReply): FastifyReply {
  return reply.type(`${mime}; charset=utf-8`).send(Readable.from(linesOf(items), { objectMode: false }))
}

async function* linesOf(items: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const item of items) yield `${JSON.stringify(item)}\n`
}

import type { Readable } from 'node:stream'
import { parseRange } from '@imagehost/contract/byte-range'
import { AppError } from '@imagehost/contract/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ByteRange } from '../ports/blob-store.ts'
import type { ImageRecord } from '../ports/images.ts'
import type { Delivery } from '../services/delivery.ts'
import { matchesEtag } from './etag.ts'
import type { ImageHeaders } from './image-headers.ts'
import { sendBytes } from './send-bytes.ts'

export interface Exchange {
  delivery: Delivery
  request: FastifyRequest
  reply: FastifyReply
}

/** The bytes of a record, or as much of them as was asked for. Told `onSend` when all of them, or their beginning, go out. */
export function sendImage(
  image: ImageRecord,
  known: ImageHeaders,
  { delivery, request, reply }: Exchange,
  onSend: () => void,
): Promise<void> | void {
  const size = image.size!
  if (isUnchanged(image, known, request)) return sendBytes(reply, 304, known)
  // A range of bytes that changed since the client got its first part would make a broken file.
  const ifRange = request.headers['if-range']
  const isSame = ifRange === undefined || ifRange === known.etag
  const range = isSame ? parseRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`)
    throw new AppError('range_not_satisfiable', { details: { size } })
  }
  const status = range ? 206 : 200
  const headers = range ? partHeaders(known, range, size) : { ...known, 'content-length': size }
  if (request.method === 'HEAD') return sendBytes(reply, status, headers)
  const send = (bytes: Buffer | Readable) => {
    if (!range || range.start === 0) onSend()
    sendBytes(reply, status, headers, bytes)
  }
  const bytes = bytesOf(delivery, image, range)
  return bytes instanceof Promise ? bytes.then(send) : send(bytes)
}

/** By the ETag, and by the date only where the client has none: RFC 9110 section 13.2.2. */
export function isUnchanged({ createdAt }: ImageRecord, known: ImageHeaders, { headers }: FastifyRequest): boolean {
  const tags = headers['if-none-match']
  if (tags !== undefined) return matchesEtag(tags, known.etag)
  const since = headers['if-modified-since']
  return since !== undefined && createdAt * 1000 <= Date.parse(since)
}

function bytesOf(delivery: Delivery, image: ImageRecord, range: ByteRange | undefined) {
  const whole = delivery.whole(image)
  if (whole === undefined) return delivery.stream(image, range)
  const cut = (bytes: Buffer) => (range ? bytes.subarray(range.start, range.end + 1) : bytes)
  return whole instanceof Promise ? whole.then(cut) : cut(whole)
}

const partHeaders = (known: object, { start, end }: ByteRange, size: number) => ({
  ...known,
  'content-length': end - start + 1,
  'content-range': `bytes ${start}-${end}/${size}`,
})

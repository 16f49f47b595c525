import { parseRange } from '@imagehost/contract/byte-range'
import { deliveryRoutes } from '@imagehost/contract/delivery'
import { AppError } from '@imagehost/contract/errors'
import { formats, type ServedFormat } from '@imagehost/contract/formats'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ByteRange } from '../ports/blob-store.ts'
import type { ImageRecord } from '../ports/images.ts'
import { isShareable } from '../services/access.ts'
import type { Delivery } from '../services/delivery.ts'
import { withExtension } from '../services/filename.ts'
import { contentDisposition } from './content-disposition.ts'
import { matchesEtag } from './etag.ts'
import { type MountDependencies, mount } from './mount.ts'
import { sendBytes } from './send-bytes.ts'

export function deliveryHttp(app: FastifyInstance, deps: MountDependencies, delivery: Delivery): void {
  mount(app, deliveryRoutes, deps, {
    bytes: async ({ params, query }, { caller, request, reply }) => {
      const image = await delivery.find(caller, params.file.split('.', 1)[0]!)
      return sendImage(image, query.download !== undefined, { delivery, request, reply })
    },
  })
}

interface Exchange {
  delivery: Delivery
  request: FastifyRequest
  reply: FastifyReply
}

async function sendImage(image: ImageRecord, download: boolean, { delivery, request, reply }: Exchange) {
  const sent = imageHeaders(image, download)
  const size = image.size!
  if (matchesEtag(request.headers['if-none-match'], sent.etag)) return sendBytes(reply, 304, sent)
  // A range of bytes that changed since the client got its first part would make a broken file.
  const ifRange = request.headers['if-range']
  const isSame = ifRange === undefined || ifRange === sent.etag
  const range = isSame ? parseRange(request.headers.range, size) : undefined
  if (range === 'unsatisfiable') {
    reply.header('content-range', `bytes */${size}`)
    throw new AppError('range_not_satisfiable', { details: { size } })
  }
  const length = range ? range.end - range.start + 1 : size
  const headers = {
    ...sent,
    'content-length': length,
    ...(range && { 'content-range': `bytes ${range.start}-${range.end}/${size}` }),
  }
  const status = range ? 206 : 200
  if (request.method === 'HEAD') return sendBytes(reply, status, headers)
  const bytes = await bytesOf(delivery, image, range)
  if (!range || range.start === 0) delivery.countView(image.id)
  return sendBytes(reply, status, headers, bytes)
}

async function bytesOf(delivery: Delivery, image: ImageRecord, range: ByteRange | undefined) {
  const whole = await delivery.whole(image)
  if (!whole) return delivery.stream(image, range)
  return range ? whole.subarray(range.start, range.end + 1) : whole
}

/**
 * Bytes that users sent, on our own origin: the type that we found and nothing else, and should a browser ever take them
 * for a document, one without scripts and without an origin.
 */
function imageHeaders(image: ImageRecord, download: boolean) {
  return {
    'content-type': image.mime,
    'content-disposition': contentDisposition(download ? 'attachment' : 'inline', downloadName(image)),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
    'accept-ranges': 'bytes',
    etag: `"${image.sha256}"`,
    // Asked again each time, so that deletion and privacy hold at once; unchanged bytes cost a 304.
    'cache-control': isShareable(image) ? 'private, no-cache' : 'private, no-store',
  }
}

/** The name that its owner knows, with the extension of what it is now: HEIC became JPEG. */
function downloadName(image: ImageRecord): string {
  const format = Object.entries(formats).find(([, { mime }]) => mime === image.mime)?.[0]
  const name = image.originalFilename ?? image.filename
  return format ? withExtension(name, format as ServedFormat) : name
}

import type { Readable } from 'node:stream'
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
import { openToAll } from './cross-origin.ts'
import { matchesEtag } from './etag.ts'
import { type MountDependencies, mount } from './mount.ts'
import { embeddableHeaders } from './security-headers.ts'
import { sendBytes } from './send-bytes.ts'

export function deliveryHttp(app: FastifyInstance, deps: MountDependencies, delivery: Delivery): void {
  const headersOf = createImageHeaders(embeddableHeaders(deps.publicUrl))
  mount(app, deliveryRoutes, deps, {
    bytes: ({ params, query }, { caller, request, reply }) => {
      const disposition = query.download === undefined ? 'inline' : 'attachment'
      const send = (image: ImageRecord) => sendImage(image, headersOf(image, disposition), { delivery, request, reply })
      const image = delivery.find(caller, params.file.split('.', 1)[0]!)
      return image instanceof Promise ? image.then(send) : send(image)
    },
  })
}

interface Exchange {
  delivery: Delivery
  request: FastifyRequest
  reply: FastifyReply
}

function sendImage(
  image: ImageRecord,
  known: ImageHeaders,
  { delivery, request, reply }: Exchange,
): Promise<void> | void {
  const size = image.size!
  if (matchesEtag(request.headers['if-none-match'], known.etag)) return sendBytes(reply, 304, known)
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
    if (!range || range.start === 0) delivery.countView(image.id)
    sendBytes(reply, status, headers, bytes)
  }
  const bytes = bytesOf(delivery, image, range)
  return bytes instanceof Promise ? bytes.then(send) : send(bytes)
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

type Disposition = 'inline' | 'attachment'
type ImageHeaders = ReturnType<typeof makeHeaders>

/** Made once for each record that is known at the moment: encoding a file name costs more than all else of an answer. */
function createImageHeaders(security: Readonly<Record<string, string>>) {
  const made = new WeakMap<ImageRecord, ImageHeaders>()
  return (image: ImageRecord, disposition: Disposition): ImageHeaders => {
    if (disposition === 'attachment') return { ...security, ...makeHeaders(image, disposition) }
    const known = made.get(image) ?? { ...security, ...makeHeaders(image, disposition) }
    made.set(image, known)
    return known
  }
}

/**
 * Bytes that users sent, on our own origin: the type that we found and nothing else, and should a browser ever take them
 * for a document, one without scripts and without an origin.
 */
function makeHeaders(image: ImageRecord, disposition: Disposition) {
  return {
    'content-type': image.mime,
    'content-disposition': contentDisposition(disposition, downloadName(image)),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'accept-ranges': 'bytes',
    etag: `"${image.sha256}"`,
    ...(isShareable(image) && openToAll),
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

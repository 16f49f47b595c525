import type { FastifyRequest } from 'fastify'
import { blobKeyInUrl } from '../ports/blob-key.ts'
import type { ImageRecord } from '../ports/images.ts'
import { isShareable } from '../services/access.ts'
import type { Delivery } from '../services/delivery.ts'
import { absoluteUrl } from './base-url.ts'
import { contentDisposition } from './content-disposition.ts'
import { type Exchange, isUnchanged, sendImage } from './image-bytes.ts'
import { downloadName, type ImageHeaders } from './image-headers.ts'
import { sendBytes } from './send-bytes.ts'

/** How bytes go out once it is known who may have them. */
export type DeliveryMode = { kind: 'stream' } | { kind: 'redirect' } | { kind: 'x-accel'; prefix: string }

type Send = (
  image: ImageRecord,
  known: ImageHeaders,
  exchange: Exchange & { baseUrl: string },
  onSend: () => void,
) => Promise<void> | void

/** Sends by ourselves, or has somebody else do it who is nearer to the bytes. */
export function createSend(mode: DeliveryMode, embeddable: Readonly<Record<string, string>>): Send {
  if (mode.kind === 'x-accel') return accelerated(mode.prefix)
  if (mode.kind === 'stream') return sendImage
  return (image, known, exchange, onSend) => {
    // An address of the storage outlives a change of mind; what is private may not.
    if (!isShareable(image)) return sendImage(image, known, exchange, onSend)
    if (isUnchanged(image, known, exchange.request)) return sendBytes(exchange.reply, 304, known)
    return redirected(image, exchange, embeddable).then(onSend)
  }
}

/**
 * nginx sends the file behind this name after we let it: it answers ranges and HEAD, and puts in the length. See
 * docs/delivery.md for what it has to hand on.
 */
const accelerated =
  (prefix: string): Send =>
  (image, known, { request, reply }, onSend) => {
    if (isUnchanged(image, known, request)) return sendBytes(reply, 304, known)
    const isBeginning = request.headers.range === undefined || /^bytes=0-/.test(request.headers.range)
    if (request.method !== 'HEAD' && isBeginning) onSend()
    // Which nginx says by itself.
    const { 'accept-ranges': _, ...headers } = known
    return sendBytes(reply, 200, {
      ...headers,
      'x-accel-redirect': prefix + blobKeyInUrl(image.key),
      'content-length': 0,
    })
  }

async function redirected(
  image: ImageRecord,
  { delivery, request, reply, baseUrl }: Exchange & { baseUrl: string },
  embeddable: Readonly<Record<string, string>>,
): Promise<void> {
  const location = await locationOf(image, delivery, request)
  const headers = { ...embeddable, 'cache-control': 'no-store', 'content-length': 0 }
  sendBytes(reply, 302, { ...headers, location: absoluteUrl(location, baseUrl) })
}

const locationOf = (image: ImageRecord, delivery: Delivery, { query }: FastifyRequest): Promise<string> | string =>
  (query as { download?: string }).download === undefined
    ? delivery.locate(image)
    : delivery.locateDownload(image, contentDisposition('attachment', downloadName(image)))

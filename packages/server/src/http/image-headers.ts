import { formats, type ServedFormat } from '@imagehost/contract/formats'
import type { ImageRecord } from '../ports/images.ts'
import { isShareable } from '../services/access.ts'
import { withExtension } from '../services/filename.ts'
import { contentDisposition } from './content-disposition.ts'
import { openToAll } from './cross-origin.ts'

export type Disposition = 'inline' | 'attachment'
export type ImageHeaders = ReturnType<typeof makeHeaders>

/** How long a cache between us and the visitors keeps bytes: until it is told to let go, or a day where that call got lost. */
const sharedSeconds = 86_400

/** Made once for each record that is known at the moment: encoding a file name costs more than all else of an answer. */
export function createImageHeaders(security: Readonly<Record<string, string>>, hasPurge: boolean) {
  const made = new WeakMap<ImageRecord, ImageHeaders>()
  return (image: ImageRecord, disposition: Disposition): ImageHeaders => {
    if (disposition === 'attachment') return { ...security, ...makeHeaders(image, disposition, hasPurge) }
    const known = made.get(image) ?? { ...security, ...makeHeaders(image, disposition, hasPurge) }
    made.set(image, known)
    return known
  }
}

/**
 * Bytes that users sent, on our own origin: the type that we found and nothing else, and should a browser ever take them
 * for a document, one without scripts and without an origin.
 */
function makeHeaders(image: ImageRecord, disposition: Disposition, hasPurge: boolean) {
  return {
    'content-type': image.mime,
    'content-disposition': contentDisposition(disposition, downloadName(image)),
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    'accept-ranges': 'bytes',
    etag: `"${image.sha256}"`,
    'last-modified': new Date(image.createdAt * 1000).toUTCString(),
    ...(isShareable(image) && openToAll),
    ...(isShareable(image) && hasPurge && { 'cache-tag': image.id }),
    'cache-control': cacheControl(image, hasPurge),
  }
}

/**
 * Asked again each time, so that deletion and privacy hold at once; unchanged bytes cost a 304. Shared caches may keep only
 * what they are told to let go.
 */
function cacheControl(image: ImageRecord, hasPurge: boolean): string {
  if (!isShareable(image)) return 'private, no-store'
  return hasPurge ? `public, max-age=0, s-maxage=${sharedSeconds}` : privately
}

/** For one visitor alone. */
const privately = 'private, no-cache'

/** What only this caller may have, or everybody but only for a while, as shared caches have to know it. */
export function narrowed(known: ImageHeaders, forSeconds: number | undefined): ImageHeaders {
  if (!known['cache-control'].startsWith('public')) return known
  const seconds = Math.min(sharedSeconds, forSeconds ?? 0)
  return { ...known, 'cache-control': seconds > 0 ? `public, max-age=0, s-maxage=${seconds}` : privately }
}

/** The name that its owner knows, with the extension of what it is now: HEIC became JPEG. */
export function downloadName(image: ImageRecord): string {
  const format = Object.entries(formats).find(([, { mime }]) => mime === image.mime)?.[0]
  const name = image.originalFilename ?? image.filename
  return format ? withExtension(name, format as ServedFormat) : name
}

import type { Readable } from 'node:stream'
import { AppError } from '@imagehost/contract/errors'
import { LRUCache } from 'lru-cache'
import { blobKeyInUrl } from '../ports/blob-key.ts'
import type { BlobStore, ByteRange } from '../ports/blob-store.ts'
import type { ImageRecord } from '../ports/images.ts'
import { type Caller, canSee, isShareable } from './access.ts'
import type { AlbumAccess } from './album-access.ts'
import type { ImageReader } from './image-reader.ts'
import type { Views } from './views.ts'

/** Images up to this size are read whole and may stay in memory; larger ones are streamed. */
const wholeBytes = 1024 * 1024
/** Memory for the bytes of hot images. */
const hotBytes = 32 * 1024 * 1024
/**
 * Names remembered of images that were read once; the second read within so many others makes one hot. A crawler that
 * reads everything once can't push out what people look at, and leaves no old bytes behind for V8 to collect.
 */
const namesReadOnce = 500
/** A presigned address works at least this long, so little longer than it takes to follow it. */
const redirectSeconds = 300
/** Addresses remembered: the hottest images of a busy site. */
const recentRedirects = 20_000

export type Delivery = ReturnType<typeof createDelivery>

/** From an id to the right bytes. */
export function createDelivery(deps: {
  reader: ImageReader
  blobs: BlobStore
  views: Views
  albumAccess: Pick<AlbumAccess, 'opens'>
  /** Public address of the bucket, for images that are not private. */
  publicStorageUrl?: string | undefined
}) {
  const { reader, blobs, views, albumAccess, publicStorageUrl } = deps
  // Whether they may be seen is asked before each use.
  const hot = new LRUCache<string, Buffer>({ maxSize: hotBytes, sizeCalculation: (bytes) => bytes.length })
  const readOnce = new LRUCache<string, true>({ max: namesReadOnce })
  const redirects = new LRUCache<string, string>({ max: recentRedirects, ttl: 60_000 })

  /** The image if the caller may see it, else `not_found`, whatever the reason. Without waiting where it is known. */
  function find(caller: Caller | undefined, id: string): Promise<ImageRecord> | ImageRecord {
    const known = reader.peek(id)
    if (!known) return read(caller, id)
    return canSee(caller, known) ? known : throughAlbum(caller, id, known)
  }

  async function read(caller: Caller | undefined, id: string): Promise<ImageRecord> {
    const image = await reader.get(id)
    return image && canSee(caller, image) ? image : throughAlbum(caller, id, image)
  }

  async function throughAlbum(caller: Caller | undefined, id: string, image: ImageRecord | undefined) {
    const isOpen = await albumAccess.opens(caller, id, image)
    if (!image || !isOpen) throw new AppError('not_found')
    return image
  }

  /**
   * Where the bytes are: presigned, or the public address. Without waiting where both are known. The address of an image
   * that nobody asked for a moment ago is not kept: of many different ones that only made work for V8's collector.
   */
  function redirect(caller: Caller | undefined, id: string): Promise<string> | string {
    const image = find(caller, id)
    return image instanceof Promise ? image.then(locate) : locationOf(image)
  }

  function locationOf(image: ImageRecord): Promise<string> | string {
    return redirects.get(addressName(image)) ?? locateOften(image)
  }

  /** The same under a name, for keeping; where the address is public, that of the object has to do. */
  async function locateDownload(image: ImageRecord, contentDisposition: string): Promise<string> {
    if (publicStorageUrl && isShareable(image)) return locationOf(image)
    return blobs.presignGet(image.key, {
      expiresInSeconds: redirectSeconds,
      contentType: image.mime,
      contentDisposition,
    })
  }

  async function locateOften(image: ImageRecord): Promise<string> {
    const url = await locate(image)
    redirects.set(addressName(image), url)
    return url
  }

  const locate = async (image: ImageRecord): Promise<string> =>
    publicStorageUrl && isShareable(image)
      ? `${publicStorageUrl}/${blobKeyInUrl(image.key)}`
      : blobs.presignGet(image.key, { expiresInSeconds: redirectSeconds, contentType: image.mime })

  /** All bytes of a small image, without waiting where it is hot; undefined for a large one. */
  function whole(image: ImageRecord): Promise<Buffer> | Buffer | undefined {
    if ((image.size ?? Number.POSITIVE_INFINITY) > wholeBytes) return undefined
    return hot.get(nameOf(image)) ?? readWhole(image)
  }

  async function readWhole(image: ImageRecord): Promise<Buffer> {
    const bytes = await blobs.read(image.key, wholeBytes)
    if (!bytes) throw new AppError('not_found')
    const name = nameOf(image)
    if (readOnce.has(name)) hot.set(name, bytes)
    else readOnce.set(name, true)
    return bytes
  }

  /** The bytes, or the range of them, as a stream. */
  async function stream(image: ImageRecord, range?: ByteRange): Promise<Readable> {
    const opened = await blobs.open(image.key, range)
    if (!opened) throw new AppError('not_found')
    return opened.stream
  }

  /** Keeps bytes that were not read here, because they were made here for somebody. */
  function remember(image: Pick<ImageRecord, 'id' | 'sha256'>, bytes: Buffer): void {
    if (bytes.length <= wholeBytes) hot.set(nameOf(image), bytes)
  }

  return { find, redirect, locate: locationOf, locateDownload, whole, stream, remember, countView: views.count }
}

/** An image that became private is no longer to be found where it was public. */
const addressName = (image: ImageRecord): string => `${isShareable(image) ? 'public' : 'private'} ${image.key}`

/** Bytes of one hash never change, even where an old object is replaced under its key. */
const nameOf = ({ id, sha256 }: Pick<ImageRecord, 'id' | 'sha256'>): string => `${id} ${sha256}`

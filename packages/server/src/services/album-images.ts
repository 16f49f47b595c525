import type { Readable } from 'node:stream'
import { AppError } from '@imagehost/contract/errors'
import { defaultPageSize } from '@imagehost/contract/images'
import type { AddResult, AlbumImages as AlbumImagesPort } from '../ports/album-images.ts'
import type { Albums as AlbumsPort } from '../ports/albums.ts'
import type { BlobStore } from '../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Grants } from '../ports/grants.ts'
import type { ImageRecord, Images } from '../ports/images.ts'
import { type AlbumRole, type Caller, canSeeInAlbum, isExpired, isOwner, requireAlbum, requireOwner } from './access.ts'
import type { AlbumAccess } from './album-access.ts'
import type { ImageReader } from './image-reader.ts'

/** Places looked at in one call where most are not for the caller: then a short page with a cursor comes back. */
const maxExamined = 1_000
/** Read at once while looking. */
const step = 200
/** Albums that one image may be in: as many are looked at to know who may see it. */
const maxAlbumsOfImage = 50

export type AlbumImages = ReturnType<typeof createAlbumImages>

/** What is in albums: who sees which of their images, and who may put in, take out and move. */
export function createAlbumImages(deps: {
  albums: Pick<AlbumsPort, 'find'>
  albumImages: AlbumImagesPort
  grants: Grants
  images: Pick<Images, 'find'>
  reader: Pick<ImageReader, 'get'>
  blobs: Pick<BlobStore, 'open'>
  access: AlbumAccess
  clock: Clock
  /** Images that an album may hold. */
  maxImages: number
}) {
  const { albums, albumImages, grants, images, reader, blobs, access, clock, maxImages } = deps
  const limits = { max: maxImages, maxAlbums: maxAlbumsOfImage }

  /**
   * A page in the order of the album, of the images that the caller may see and that fit. Throws `not_found` where they may
   * not know of the album, `validation` for a cursor that is not ours.
   */
  async function page(caller: Caller | undefined, albumId: string, request: AlbumPageRequest): Promise<AlbumPage> {
    const [album, role] = await Promise.all([albums.find(albumId), access.roleIn(caller, albumId)])
    requireAlbum(role, album)
    return pageAs(caller, role, albumId, request)
  }

  /** The same for whoever has come by a link: with a role of its owner's giving, or as a visitor. */
  async function pageAs(
    caller: Caller | undefined,
    role: AlbumRole | undefined,
    albumId: string,
    { limit = defaultPageSize, cursor, fits = () => true }: AlbumPageRequest,
  ): Promise<AlbumPage> {
    const now = unixSeconds(clock)
    const isShown = (image: ImageRecord) =>
      !isExpired(image, now) && image.refused === undefined && canSeeInAlbum(caller, role, image) && fits(image)
    const items: ImageRecord[] = []
    let place = cursor === undefined ? undefined : parsePlace(cursor)
    for (let examined = 0; examined < maxExamined; examined += step) {
      // No further than the page goes, so that the next one begins right behind it.
      const size = Math.min(step, limit - items.length)
      const found = await albumImages.list(albumId, { limit: size, ...(place !== undefined && { after: place }) })
      items.push(...found.items.filter(isShown))
      place = found.next
      if (place === undefined || items.length >= limit) break
    }
    return { items, ...(place !== undefined && { nextCursor: printPlace(place) }) }
  }

  /**
   * The bytes of an image that a page brought; undefined where they went meanwhile. One of the Flask project is inspected
   * before: until somebody looks at it, it may carry a place, or be no image.
   */
  async function open(image: ImageRecord): Promise<Readable | undefined> {
    const shown = image.sha256 === undefined ? await reader.get(image.id) : image
    return shown && shown.key !== '' ? (await blobs.open(shown.key))?.stream : undefined
  }

  /**
   * Takes images out, puts own ones in, and moves one. Throws `not_found`, `forbidden`, `album_full`, `too_many_albums`; what
   * was done before the album refused stays.
   */
  async function change(caller: Caller, albumId: string, { add = [], remove = [], move }: AlbumChange): Promise<void> {
    const [album, role] = await Promise.all([albums.find(albumId), grants.roleOf(albumId, caller.uid)])
    const takesOwnOut = remove.length > 0 && (await areOwn(caller, albumId, remove))
    if (!takesOwnOut || add.length > 0) requireAlbum(role, album, 'add')
    if (move || (remove.length > 0 && !takesOwnOut)) requireAlbum(role, album, 'edit')
    await albumImages.remove(albumId, remove)
    if (add.length > 0) await putIn(caller, albumId, add)
    access.forgetImages([...remove, ...add])
    if (move && !(await albumImages.move(albumId, move.id, move.after))) {
      const message = 'Both images must be in the album.'
      throw new AppError('not_found', { message, details: { field: 'body.move' } })
    }
  }

  async function putIn(caller: Caller, albumId: string, ids: readonly string[]): Promise<void> {
    const now = unixSeconds(clock)
    const found = await Promise.all(ids.map(images.find))
    for (const image of found) requireOwner(caller, image && !isExpired(image, now) ? image : undefined)
    requireAdded(await albumImages.add(albumId, ids, limits))
  }

  /** Whether all these are images of the caller that are in the album: those may be taken out whatever they are to it by now. */
  async function areOwn(caller: Caller, albumId: string, ids: readonly string[]): Promise<boolean> {
    const found = await Promise.all(ids.map(images.find))
    if (!found.every((image) => image && isOwner(caller, image))) return false
    return (await Promise.all(ids.map(albumImages.albumsOf))).every((inAlbums) => inAlbums.includes(albumId))
  }

  /** Throws what an album says that does not take images. */
  function requireAdded(result: AddResult): void {
    if (result === 'full') throw new AppError('album_full', { details: { max: maxImages } })
    if (result === 'in_too_many') throw new AppError('too_many_albums', { details: { max: maxAlbumsOfImage } })
    if (result === 'missing') throw new AppError('not_found')
  }

  /** Ids of the albums that an image is in. */
  const albumsOf = (image: ImageRecord): Promise<string[]> => albumImages.albumsOf(image.id)

  /** Puts an image in, whoever may see the album. Throws as an album that does not take it. */
  async function enter(albumId: string, imageId: string): Promise<void> {
    requireAdded(await albumImages.add(albumId, [imageId], limits))
    access.forgetImages([imageId])
  }

  return { page, pageAs, open, change, albumsOf, enter }
}

/** All images of an album in order, page by page: each is asked for anew, so that who may not any more gets no further. */
export async function* walkAlbum(page: (request: AlbumPageRequest) => Promise<AlbumPage>): AsyncGenerator<ImageRecord> {
  let cursor: string | undefined
  do {
    const { items, nextCursor } = await page({ limit: step, cursor })
    yield* items
    cursor = nextCursor
  } while (cursor !== undefined)
}

export interface AlbumPageRequest {
  limit?: number | undefined
  cursor?: string | undefined
  /** What else must hold of an image. */
  fits?: ((image: ImageRecord) => boolean) | undefined
}

export interface AlbumPage {
  items: ImageRecord[]
  nextCursor?: string
}

interface AlbumChange {
  add?: readonly string[] | undefined
  remove?: readonly string[] | undefined
  move?: { id: string; after: string | null } | undefined
}

/** A place as text that clients hand back. */
const printPlace = (place: number): string => Buffer.from(String(place)).toString('base64url')

/** Throws `validation` for what `printPlace` never made. */
function parsePlace(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('latin1')
  if (/^-?\d{1,21}(\.\d{1,30})?(e[+-]?\d{1,3})?$/.test(text)) return Number(text)
  const message = 'The cursor is not one that a page before gave.'
  throw new AppError('validation', { message, details: { field: 'cursor' } })
}

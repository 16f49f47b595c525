import { AppError } from '@imagehost/contract/errors'
import { defaultPageSize } from '@imagehost/contract/images'
import type { Visibility } from '@imagehost/contract/schemas'
import type { AlbumImages } from '../ports/album-images.ts'
import type { Album, AlbumChanges, Albums as AlbumsPort } from '../ports/albums.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Grants } from '../ports/grants.ts'
import type { ImageRecord, Images } from '../ports/images.ts'
import type { Shares } from '../ports/shares.ts'
import { type AlbumRight, type AlbumRole, type Caller, canSeeInAlbum, isExpired, requireAlbum } from './access.ts'
import type { AlbumAccess } from './album-access.ts'
import { parseCursor, printCursor } from './cursor.ts'
import { newAlbumId } from './ids.ts'

/** Images looked at for one that may stand for the album. */
const coverCandidates = 5
/** A deletion begun this long ago is not under way any more in the process that began it. */
const staleSeconds = 60
/** Deletions finished in one round of the sweeper. */
const batch = 500

export type Albums = ReturnType<typeof createAlbums>

/** An album as somebody sees it. */
export interface SeenAlbum {
  album: Album
  /** What they are to it; absent: a visitor. */
  role: AlbumRole | undefined
  /** The image that stands for it, of those that they may see. */
  cover: ImageRecord | undefined
}

/** Albums, but for what is in them. */
export function createAlbums(deps: {
  albums: AlbumsPort
  albumImages: Pick<AlbumImages, 'list'>
  grants: Grants
  images: Pick<Images, 'find'>
  shares: Pick<Shares, 'deleteAll'>
  access: AlbumAccess
  clock: Clock
  /** Albums that an account may have. */
  maxAlbums: number
}) {
  const { albums, albumImages, grants, images, shares, access, clock, maxAlbums } = deps

  /** Throws `too_many_albums`. */
  async function create(caller: Caller, { name, description, visibility = 'private' }: NewAlbum): Promise<SeenAlbum> {
    const album = {
      id: newAlbumId(),
      ownerUid: caller.uid,
      name,
      visibility,
      createdAt: unixSeconds(clock),
      ...(description && { description }),
    }
    if (!(await albums.create(album, { max: maxAlbums })))
      throw new AppError('too_many_albums', { details: { max: maxAlbums } })
    return { album: { ...album, places: 0 }, role: 'owner', cover: undefined }
  }

  /** A page of the caller's, newest first. Throws `validation` for a cursor that is not ours. */
  async function list(caller: Caller, { limit = defaultPageSize, cursor }: PageRequest): Promise<SeenAlbums> {
    const after = cursor === undefined ? undefined : parseCursor(cursor)
    const { items, next } = await albums.list(caller.uid, { limit, ...(after && { after }) })
    const seen = await Promise.all(items.map((album) => seenBy(caller, album, 'owner')))
    return { items: seen, ...(next && { nextCursor: printCursor(next) }) }
  }

  /** A page of those of others that were granted to the caller. Throws `validation` for a cursor that is not ours. */
  async function listShared(caller: Caller, { limit = defaultPageSize, cursor }: PageRequest): Promise<SeenAlbums> {
    const after = cursor === undefined ? undefined : parseCursor(cursor)
    const { items, next } = await grants.listOf(caller.uid, { limit, ...(after && { after }) })
    const seen = await Promise.all(
      items.map(async ({ albumId, role }) => {
        const album = await albums.find(albumId)
        return album ? [await seenBy(caller, album, role)] : []
      }),
    )
    return { items: seen.flat(), ...(next && { nextCursor: printCursor(next) }) }
  }

  /** Throws `not_found` where the caller may not know of it. */
  async function get(caller: Caller | undefined, id: string): Promise<SeenAlbum> {
    const [album, role] = await Promise.all([albums.find(id), access.roleIn(caller, id)])
    return seenBy(caller, requireAlbum(role, album), role)
  }

  /**
   * The album, if the caller has this right in it at this moment: what is about to be changed is asked of the store. Throws
   * `not_found`, `forbidden`.
   */
  async function require(caller: Caller, id: string, right: AlbumRight): Promise<Album> {
    const [album, role] = await Promise.all([albums.find(id), grants.roleOf(id, caller.uid)])
    return requireAlbum(role, album, right)
  }

  /** Changes what is named. Throws `not_found`, `forbidden`, and `validation` for a cover that is not in the album. */
  async function update(caller: Caller, id: string, changes: AlbumEdit): Promise<SeenAlbum> {
    const { name, description, visibility, coverId } = changes
    await require(caller, id, visibility === undefined ? 'edit' : 'own')
    const album = await albums.update(id, {
      ...(name !== undefined && { name }),
      ...(description !== undefined && { description: description || null }),
      ...(visibility !== undefined && { visibility }),
      ...(coverId !== undefined && { coverId }),
    })
    if (!album) throw new AppError('not_found')
    if (coverId && album.coverId !== coverId) {
      const message = 'The cover of an album is one of its images.'
      throw new AppError('validation', { message, details: { field: 'body.cover_id' } })
    }
    return seenBy(caller, album, await grants.roleOf(id, caller.uid))
  }

  /** Deletes it with its grants, limited links and drop links; its images stay. Throws `not_found`, `forbidden`. */
  async function remove(caller: Caller, id: string): Promise<void> {
    await require(caller, id, 'own')
    if (!(await erase(id))) throw new AppError('not_found')
  }

  /** The same whoever it belongs to; false if there is none. A crash in between is finished by the sweeper. */
  async function erase(id: string): Promise<boolean> {
    const isGone = await albums.beginDelete(id, unixSeconds(clock))
    access.forgetRoles()
    if (isGone) await finishDeletion(id)
    return isGone
  }

  async function finishDeletion(id: string): Promise<void> {
    await shares.deleteAll({ albumId: id })
    await albums.finishDelete(id)
  }

  /** What crashes have left, once a round of the sweeper. */
  async function finishDeletions(): Promise<void> {
    const before = unixSeconds(clock) - staleSeconds
    for (const id of await albums.listDeletions({ before, limit: batch })) await finishDeletion(id)
  }

  async function seenBy(caller: Caller | undefined, album: Album, role: AlbumRole | undefined): Promise<SeenAlbum> {
    return { album, role, cover: await coverFor(caller, album, role) }
  }

  async function coverFor(caller: Caller | undefined, album: Album, role: AlbumRole | undefined) {
    const now = unixSeconds(clock)
    const isSeen = (image: ImageRecord) =>
      !isExpired(image, now) && image.refused === undefined && canSeeInAlbum(caller, role, image)
    const chosen = album.coverId === undefined ? undefined : await images.find(album.coverId)
    if (chosen && isSeen(chosen)) return chosen
    return album.places === 0
      ? undefined
      : (await albumImages.list(album.id, { limit: coverCandidates })).items.find(isSeen)
  }

  const chore = { id: 'albums', run: finishDeletions }

  return { create, list, listShared, get, require, update, remove, erase, chore }
}

interface NewAlbum {
  name: string
  description?: string | undefined
  visibility?: Visibility | undefined
}

/** What is changed; an empty description is none any more. */
type AlbumEdit = { [Name in keyof AlbumChanges]?: AlbumChanges[Name] | undefined }

interface PageRequest {
  limit?: number | undefined
  cursor?: string | undefined
}

interface SeenAlbums {
  items: SeenAlbum[]
  nextCursor?: string
}

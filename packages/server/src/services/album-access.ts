import type { AlbumImages } from '../ports/album-images.ts'
import type { Clock } from '../ports/clock.ts'
import type { Grants } from '../ports/grants.ts'
import type { ImageRecord } from '../ports/images.ts'
import { type AlbumRole, type Caller, dependsOnAlbums } from './access.ts'
import { createRecent } from './recent.ts'

/** Answers remembered for a moment: what a busy album is asked for. */
const recentEntries = 10_000

export type AlbumAccess = ReturnType<typeof createAlbumAccess>

/**
 * Whether a private image may be seen by an album that it is in. Only for such images is anything read, and what was read is
 * believed for less than a second: so a grant that is taken back opens no bytes any more, on any server.
 */
export function createAlbumAccess(deps: { grants: Grants; albumImages: AlbumImages; clock: Clock }) {
  const { grants, albumImages, clock } = deps
  const roles = createRecent<{ role: AlbumRole | undefined }>({ clock, maxEntries: recentEntries })
  const albums = createRecent<string[]>({ clock, maxEntries: recentEntries })

  /** What the caller is to an album. Up to 750 ms old. */
  async function roleIn(caller: Caller | undefined, albumId: string): Promise<AlbumRole | undefined> {
    if (!caller) return undefined
    const known = await roles.get(`${albumId} ${caller.uid}`, async () => ({
      role: await grants.roleOf(albumId, caller.uid),
    }))
    return known?.role
  }

  /** Whether an album opens the image for the caller. Of one that is not there the same is asked, so that it takes as long. */
  async function opens(caller: Caller | undefined, id: string, image: ImageRecord | undefined): Promise<boolean> {
    if (!caller || (image && !dependsOnAlbums(caller, image))) return false
    const found = await Promise.all((await albumsOf(id)).map((albumId) => roleIn(caller, albumId)))
    return found.some((role) => role !== undefined)
  }

  /** Whether the image is in the album. Up to 750 ms old. */
  const isIn = async (albumId: string, imageId: string): Promise<boolean> => (await albumsOf(imageId)).includes(albumId)

  const albumsOf = async (imageId: string): Promise<string[]> =>
    (await albums.get(imageId, () => albumImages.albumsOf(imageId))) ?? []

  return {
    roleIn,
    opens,
    isIn,
    /** Call it after a change of a grant or an album, so that this process at least sees it at once. */
    forgetRoles: roles.clear,
    /** The same after images have come or gone. */
    forgetImages(ids: readonly string[]): void {
      for (const id of ids) albums.forget(id)
    },
  }
}

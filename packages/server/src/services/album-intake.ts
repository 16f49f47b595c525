import { AppError } from '@imagehost/contract/errors'
import type { AlbumImages as AlbumImagesPort } from '../ports/album-images.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Drops } from '../ports/drops.ts'
import type { Grants } from '../ports/grants.ts'
import type { Draft } from '../ports/uploads.ts'
import { type Caller, hasAlbumRight } from './access.ts'
import type { AlbumImages } from './album-images.ts'
import type { Albums } from './albums.ts'

/** Images that may wait for the owner of one album: as many as are looked through in one sitting. */
const maxHeld = 500

export type AlbumIntake = ReturnType<typeof createAlbumIntake>

/**
 * Uploads on their way into an album. A draft is put in right before it becomes an image, so that there is no moment between
 * the two that a crash could hit: what is in an album is seen only where it is an image. A draft that ends leaves.
 */
export function createAlbumIntake(deps: {
  albums: Pick<Albums, 'require'>
  contents: Pick<AlbumImages, 'enter'>
  albumImages: AlbumImagesPort
  grants: Grants
  drops: Drops
  clock: Clock
}) {
  const { albums, contents, albumImages, grants, drops, clock } = deps

  /** Throws `not_found`, `forbidden` where the caller may not put images into this album. */
  const check = async (caller: Caller, albumId: string): Promise<void> => {
    await albums.require(caller, albumId, 'add')
  }

  /**
   * Puts the draft where it belongs. One whose album is gone by now, or does not take it from its owner any more, becomes an image
   * all the same; what came by a link does not. Throws `album_full`, `not_found`.
   */
  async function place({ id, ownerUid, place: to }: Pick<Draft, 'id' | 'ownerUid' | 'place'>): Promise<void> {
    if (!to) return
    if (to.heldAs) return hold(id, to.albumId, to.heldAs)
    if (!hasAlbumRight(await grants.roleOf(to.albumId, ownerUid), 'add')) {
      if (to.drop) throw new AppError('not_found')
      return
    }
    await contents.enter(to.albumId, id).catch((error) => {
      const isGone = error instanceof AppError && error.code === 'not_found' && !to.drop
      if (!isGone) throw error
    })
  }

  async function hold(id: string, albumId: string, visibility: NonNullable<Draft['place']>['heldAs'] & string) {
    const held = { imageId: id, visibility, heldAt: unixSeconds(clock) }
    const result = await albumImages.hold(albumId, held, { max: maxHeld })
    if (result === 'missing') throw new AppError('not_found')
    if (result === 'full') {
      const message = 'As many images as may be are waiting for the owner of the album.'
      throw new AppError('album_full', { message, details: { max: maxHeld } })
    }
  }

  /** For a draft that nobody can commit any more. */
  async function withdraw({ id, place: from }: Pick<Draft, 'id' | 'place'>): Promise<void> {
    await albumImages.leave(id)
    if (from?.drop) await drops.giveBack(from.drop.slug, from.drop.ticket)
  }

  /** Puts an image that was found in the place of an upload where that belongs. */
  const enter = contents.enter

  return { check, place, withdraw, enter, leave: albumImages.leave }
}

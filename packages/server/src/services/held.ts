import { AppError } from '@imagehost/contract/errors'
import type { AlbumImages as AlbumImagesPort } from '../ports/album-images.ts'
import type { ImageRecord, Images as ImagesPort } from '../ports/images.ts'
import { type Caller, requireScope } from './access.ts'
import type { AlbumImages } from './album-images.ts'
import type { Albums } from './albums.ts'
import type { Images } from './images.ts'

export type HeldImages = ReturnType<typeof createHeldImages>

/** What came in by drop links and waits for the owner of the album; until then nobody else can see it. */
export function createHeldImages(deps: {
  albums: Pick<Albums, 'require'>
  contents: Pick<AlbumImages, 'enter'>
  albumImages: AlbumImagesPort
  imageStore: Pick<ImagesPort, 'find'>
  images: Pick<Images, 'update' | 'remove'>
}) {
  const { albums, contents, albumImages, imageStore, images } = deps

  /** The longest waiting first. Throws `not_found`, `forbidden`. */
  async function list(caller: Caller, albumId: string): Promise<ImageRecord[]> {
    await albums.require(caller, albumId, 'own')
    const held = await albumImages.listHeld(albumId)
    const found = await Promise.all(held.map(({ imageId }) => imageStore.find(imageId)))
    return found.filter((image) => image !== undefined)
  }

  /**
   * Lets images in, or deletes them for good; those that do not wait are passed over. Throws `not_found`, `forbidden`,
   * `insufficient_scope`, `album_full`; what was decided before the refusal stays so.
   */
  async function decide(caller: Caller, albumId: string, { approve = [], reject = [] }: Decision): Promise<Decided> {
    await albums.require(caller, albumId, 'own')
    if (reject.length > 0) requireScope(caller, 'images:delete')
    const waiting = new Map((await albumImages.listHeld(albumId)).map((held) => [held.imageId, held]))
    const decided: Decided = { approved: [], rejected: [] }
    for (const id of approve) {
      const held = waiting.get(id)
      if (!held) continue
      // Into the album first: what dies in between still waits, and is let in by the next call.
      await contents.enter(albumId, id)
      await images.update(caller, id, { visibility: held.visibility }).catch(unlessGone)
      await albumImages.endHold(albumId, id)
      decided.approved.push(id)
    }
    for (const id of reject) {
      if (!waiting.has(id) || approve.includes(id)) continue
      await images.remove(caller, id).catch(unlessGone)
      await albumImages.endHold(albumId, id)
      decided.rejected.push(id)
    }
    return decided
  }

  return { list, decide }
}

interface Decision {
  approve?: readonly string[] | undefined
  reject?: readonly string[] | undefined
}

interface Decided {
  approved: string[]
  rejected: string[]
}

/** Its owner, or its time, has ended it meanwhile. */
function unlessGone(error: unknown): void {
  if (!(error instanceof AppError && error.code === 'not_found')) throw error
}

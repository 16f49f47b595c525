import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord, Images } from '../ports/images.ts'
import { isExpired } from './access.ts'
import type { Adoption } from './adoption.ts'
import { createRecent } from './recent.ts'

/** Records remembered for a moment, about 1 KB each. */
const recentImages = 20_000

export type ImageReader = ReturnType<typeof createImageReader>

/** Images as they may be shown: known for a moment, and never one whose bytes were not inspected by us. */
export function createImageReader({ images, adoption, clock }: { images: Images; adoption: Adoption; clock: Clock }) {
  const recent = createRecent<ImageRecord>({ clock, maxEntries: recentImages })

  async function read(id: string): Promise<ImageRecord | undefined> {
    const image = await images.find(id)
    if (!image || image.refused !== undefined) return undefined
    return image.sha256 === undefined ? adoption.adopt(image) : image
  }

  /** What is known may end while it is known. */
  const unlessExpired = (image: ImageRecord | undefined): ImageRecord | undefined =>
    image?.expiresAt !== undefined && isExpired(image, unixSeconds(clock)) ? undefined : image

  return {
    /** Without waiting: what is known right now. */
    peek: (id: string) => unlessExpired(recent.peek(id)),
    /** The image, or undefined if there is none that may be shown. Up to 750 ms old. */
    get(id: string): Promise<ImageRecord | undefined> | ImageRecord | undefined {
      const found = recent.get(id, () => read(id))
      return found instanceof Promise ? found.then(unlessExpired) : unlessExpired(found)
    },
    /** Call it after a change, so that this process at least sees it at once. */
    forget: recent.forget,
  }
}

import { AppError } from '@imagehost/contract/errors'
import { LRUCache } from 'lru-cache'
import type { BlobStore } from '../ports/blob-store.ts'
import type { ImageRecord, Images } from '../ports/images.ts'
import type { Log } from '../ports/log.ts'
import type { Labels } from './labels.ts'
import type { Pictures } from './pictures.ts'
import type { Spool } from './spool.ts'
import { collectStored } from './stored-bytes.ts'

export type Adoption = ReturnType<typeof createAdoption>

/** How long what can't be served is not looked at nor told again: a limit may be raised, a record be corrected. */
const notedMs = 10 * 60 * 1000

/**
 * Objects of the Flask project were never looked at: they may be HTML, SVG, or photographs that carry their place. Each
 * goes through the steps of an upload at its first read and is replaced by what comes out; what is not an allowed
 * picture is answered like a missing one from then on, and is never redirected to, since a redirect cannot carry the
 * headers that would make it harmless.
 */
export function createAdoption(deps: {
  images: Images
  blobs: BlobStore
  spool: Spool
  pictures: Pictures
  labels: Pick<Labels, 'seal'>
  log: Log
}) {
  const { images, blobs, spool, pictures, labels, log } = deps
  const underway = new Map<string, Promise<ImageRecord | undefined>>()
  const noted = new LRUCache<string, true>({ max: 10_000, ttl: notedMs })

  /** The record as it is after the inspection, or undefined if it may not be shown. One inspection for all who ask at once. */
  function adopt(image: ImageRecord): Promise<ImageRecord | undefined> {
    if (noted.has(image.id)) return Promise.resolve(undefined)
    if (image.key === '') return Promise.resolve(noteNoKey(image))
    const running = underway.get(image.id)
    if (running) return running
    const adopting = inspectAndReplace(image).finally(() => underway.delete(image.id))
    underway.set(image.id, adopting)
    return adopting
  }

  function noteNoKey({ id, ownerUid }: ImageRecord): undefined {
    noted.set(id, true)
    log.warn(
      { image: id, owner: ownerUid },
      'An older record names no object that the storage can hold; it is answered 404.',
    )
  }

  async function inspectAndReplace(image: ImageRecord): Promise<ImageRecord | undefined> {
    const lying = await blobs.open(image.key)
    if (!lying) return undefined
    try {
      const source = await collectStored(spool, lying.stream)
      try {
        return await replace(image, source)
      } finally {
        await source.dispose()
      }
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return refuse(image, error)
      throw error
    }
  }

  function replace(
    image: ImageRecord,
    source: Awaited<ReturnType<Spool['collect']>>,
  ): Promise<ImageRecord | undefined> {
    const options = { filename: image.filename, keepMetadata: false }
    return pictures.prepare(source, options, async ({ bytes, facts }) => {
      // Also where nothing was stripped: the type stored with the object was chosen by whoever put it there.
      const label = labels.seal({ ...image, ...facts })
      await blobs.put(image.key, bytes, { contentType: facts.mime, size: bytes.length, label })
      if (await images.addFacts(image.id, facts)) return { ...image, ...facts }
      // Deleted meanwhile, perhaps before the line above put its bytes back.
      await blobs.delete(image.key)
      return undefined
    })
  }

  async function refuse(image: ImageRecord, error: AppError): Promise<undefined> {
    const isLimit = error.code === 'too_large' || error.code === 'image_too_complex'
    if (isLimit) noted.set(image.id, true)
    else await images.addFacts(image.id, { mime: image.mime, filename: image.filename, refused: error.code })
    log.warn(
      { image: image.id, owner: image.ownerUid, key: image.key, code: error.code, details: error.details },
      isLimit
        ? 'An older object is over a limit and is answered 404; raise the limit and start again to serve it.'
        : 'An older object is not an allowed picture and is answered 404 from now on.',
    )
  }

  return { adopt }
}

import { isDeepStrictEqual } from 'node:util'
import { AppError } from '@imagehost/contract/errors'
import { type BlobStore, maxLabelLength } from '../ports/blob-store.ts'
import type { ImageRecord, Images } from '../ports/images.ts'
import type { Sealing } from './sealing.ts'
import { labelKey } from './storage-key.ts'

/** Bytes of text that sealing and base64 make a label of: 12 of a nonce, 16 of a tag, and four letters for three of them. */
const maxTextBytes = Math.floor((maxLabelLength * 3) / 4) - 28
/** More than fit a title, names and tags as long as they may be. */
const maxChangedBytes = 100_000
/** Each means that somebody else has changed the same image in the meantime. */
const maxAttempts = 20

/** What a label says of an image: all of its record but what others count, and what lasts for moments. */
export type Labelled = Omit<ImageRecord, 'trashedAt' | 'nextKey' | 'formerKey' | 'refused'>

export type Labels = ReturnType<typeof createLabels>

/**
 * The record of an image beside its bytes, for the day on which all metadata are lost. From the first moment it goes with the object, which costs
 * no request; what is changed later is an object of its own, since rewriting the first could bring deleted bytes back. Both are
 * sealed: storages show the words on an object to whoever may read it, and believe what a client writes there.
 */
export function createLabels({ sealing, blobs, images }: LabelsDependencies) {
  /** For the bytes as they are put; without tags, title and name, in this order, as far as they do not fit. */
  function seal(image: ImageRecord): string {
    const words: Partial<Labelled> = wordsOf(image)
    for (const field of ['tags', 'title', 'originalFilename'] as const) {
      if (Buffer.byteLength(JSON.stringify(words)) <= maxTextBytes) break
      delete words[field]
    }
    return sealing.seal(JSON.stringify(words), placeOf(image))
  }

  /**
   * Writes down how an image is by now, after a change of it. Two at it at once do no harm: each looks at the record again when it has
   * written, so the last one has written what is. Throws what a part that is away throws.
   */
  async function write(changed: ImageRecord): Promise<void> {
    let image = changed
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      await put(image)
      const now = await images.find(image.id)
      // Where it went, the label of its bytes is enough.
      if (!now) return blobs.delete(labelKey(image))
      if (isDeepStrictEqual(wordsOf(now), wordsOf(image))) return
      image = now
    }
    throw new AppError('service_error', { retryAfterSeconds: 1 })
  }

  async function put(image: ImageRecord): Promise<void> {
    const body = Buffer.from(sealing.seal(JSON.stringify(wordsOf(image)), placeOf(image)))
    await blobs.put(labelKey(image), body, { contentType: 'text/plain', size: body.length })
  }

  /** What is known for sure of the image whose bytes lie under this key, or undefined. */
  async function find({ key, id, ownerUid }: LabelledObject): Promise<Labelled | undefined> {
    const changes = blobs.read(labelKey({ id, ownerUid }), maxChangedBytes)
    const [changed, first] = await Promise.all([changes, blobs.findLabel(key)])
    const sealed = changed?.toString() ?? first
    // One that does not open tells of a change that nobody can read any more: then the first one is not true either.
    const text = sealed && sealing.open(sealed, placeOf({ id, ownerUid }))?.text
    return text ? { ...JSON.parse(text), id, ownerUid, views: 0 } : undefined
  }

  /** Makes what the storage says of an image what this record says, where its bytes are there already. */
  async function settle(image: ImageRecord): Promise<void> {
    const known = await find(image)
    if (!known || !isDeepStrictEqual(wordsOf(known), wordsOf(image))) await put(image)
  }

  return { seal, write, find, settle }
}

interface LabelsDependencies {
  sealing: Sealing
  blobs: Pick<BlobStore, 'put' | 'read' | 'delete' | 'findLabel'>
  images: Pick<Images, 'find'>
}

type LabelledObject = Pick<ImageRecord, 'key' | 'id' | 'ownerUid'>

/** The place says whose it is, so that nobody can put the label of one image on another. */
const placeOf = ({ id, ownerUid }: Pick<ImageRecord, 'id' | 'ownerUid'>): string => `${ownerUid}/${id}`

function wordsOf(image: ImageRecord | Labelled) {
  const {
    id: _,
    ownerUid: __,
    views: ___,
    trashedAt: ____,
    nextKey: _____,
    formerKey,
    refused,
    ...words
  } = image as ImageRecord
  return words
}

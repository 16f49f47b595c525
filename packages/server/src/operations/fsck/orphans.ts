import type { BlobEntry } from '../../ports/blob-store.ts'
import type { ImageRecord } from '../../ports/images.ts'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { inBatches } from '../archive/batches.ts'
import type { Stores } from '../operation.ts'

/** Objects of ours, by their keys; anything else in the bucket is somebody else's and none of our business. */
const ours =
  /^(?:uploads|incoming|labels)\/u_[A-Za-z0-9_-]+\/(?<id>img_[A-Za-z0-9_-]+)(?:\/|$)|^variants\/(?<of>img_[A-Za-z0-9_-]+)\//

export interface Orphan extends BlobEntry {
  imageId: string
}

/**
 * Objects that nobody knows of, by asking for the image whose id is in the key. Clients of the Flask project could name any
 * key, also one with the id of another image in it: `claimed` are those of which a record says that they are its own.
 */
export async function* findOrphans(
  { metadata, blobs }: Pick<Stores, 'metadata' | 'blobs'>,
  { prefixes, claimed, before, onObject }: OrphanSearch,
): AsyncGenerator<Orphan> {
  const orphanOf = async (blob: BlobEntry): Promise<Orphan | undefined> => {
    const { id, of = id } = ours.exec(blob.key)?.groups ?? {}
    if (of === undefined || claimed.has(blob.key) || blob.modifiedAt > before) return undefined
    return (await isKnown(metadata, of, blob.key)) ? undefined : { ...blob, imageId: of }
  }

  for (const prefix of prefixes)
    for await (const some of inBatches(blobs.list(prefix), lookedUpAtOnce)) {
      const found = await Promise.all(some.map(orphanOf))
      for (const _ of some) onObject()
      yield* found.filter((orphan) => orphan !== undefined)
    }
}

/** In the metadata, which take them in one turn. */
const lookedUpAtOnce = 64

interface OrphanSearch {
  prefixes: readonly string[]
  claimed: ReadonlySet<string>
  /** Unix seconds: what is younger is passed over. */
  before: number
  onObject: () => void
}

async function isKnown({ images, trash, uploads }: MetadataStore, id: string, key: string): Promise<boolean> {
  if (key.startsWith('incoming/')) return (await uploads.find(id)) !== undefined
  const image = (await images.find(id)) ?? (await trash.find(id))
  if (image && (!key.startsWith('uploads/') || keysOf(image).includes(key))) return true
  // The draft knows the key that it will have, and may have written there.
  return !image && (await uploads.find(id))?.key === key
}

/** While its bytes move to another key there are two of them. */
const keysOf = ({ key, nextKey, formerKey }: ImageRecord) => [key, nextKey, formerKey]

/** Keys that do not say whose they are. */
export async function claimedKeys({ inventory }: MetadataStore): Promise<Set<string>> {
  const claimed = new Set<string>()
  for await (const image of inventory.images())
    if (image.key !== '' && ours.exec(image.key)?.groups?.id !== image.id) claimed.add(image.key)
  return claimed
}

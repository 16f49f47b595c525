import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import type { BlobStore } from '../../ports/blob-store.ts'
import type { ImageRecord } from '../../ports/images.ts'
import { inBatches } from '../archive/batches.ts'
import type { Stores } from '../operation.ts'
import type { Findings } from './findings.ts'

/** Each waits for the storage, which has as many connections to this process. */
const lookedAtAtOnce = 64

interface ImageChecks {
  /** Of how many images the bytes are read and hashed: 0 to 1. */
  sample: number
  /** Bytes read in a second, at most. */
  bytesPerSecond: number
}

/** Whether the bytes of every image are there, and of some whether they are what they were. */
export async function checkImages(
  { metadata, blobs }: Stores,
  { sample, bytesPerSecond }: ImageChecks,
  findings: Findings,
): Promise<void> {
  const checkBytes = async (image: ImageRecord): Promise<void> => {
    const start = performance.now()
    const hash = await hashOf(blobs, image.key)
    findings.count('hashed')
    if (hash !== undefined && hash !== image.sha256)
      findings.problem(`${image.id}: its bytes have changed (${image.key})`)
    const dueMs = (1000 * (image.size ?? 0)) / bytesPerSecond - (performance.now() - start)
    if (dueMs > 0) await wait(dueMs)
  }

  for await (const some of inBatches(metadata.inventory.images(), lookedAtAtOnce)) {
    const problems = await Promise.all(some.map((image) => problemOf(blobs, image)))
    for (const [at, image] of some.entries()) {
      findings.count('image')
      const problem = problems[at]
      // It may have gone, or moved, since it was met.
      if (problem && (await isStillSo(metadata, image))) findings.problem(`${image.id}: ${problem} (${image.key})`)
      const isWhole = hasObject(image) && !problem && image.sha256 !== undefined
      if (isWhole && Math.random() < sample) await checkBytes(image)
    }
  }
}

/** Not old records that name no object, or one that was refused: known, and never served. */
const hasObject = ({ key, refused }: ImageRecord): boolean => key !== '' && refused === undefined

async function problemOf(blobs: BlobStore, image: ImageRecord): Promise<string | undefined> {
  if (!hasObject(image)) return undefined
  const { key, size } = image
  const stat = await blobs.stat(key)
  if (!stat) return 'its bytes are missing'
  return size !== undefined && stat.size !== size ? `it has ${stat.size} bytes in place of ${size}` : undefined
}

async function isStillSo({ images, trash }: Stores['metadata'], { id, key }: ImageRecord): Promise<boolean> {
  return ((await images.find(id)) ?? (await trash.find(id)))?.key === key
}

async function hashOf(blobs: BlobStore, key: string): Promise<string | undefined> {
  const opened = await blobs.open(key)
  if (!opened) return undefined
  const hash = createHash('sha256')
  for await (const chunk of opened.stream) hash.update(chunk)
  return hash.digest('hex')
}

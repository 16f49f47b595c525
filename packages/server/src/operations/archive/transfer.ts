import type { BlobStore } from '../../ports/blob-store.ts'
import type { ImageRecord } from '../../ports/images.ts'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { inBatches } from './batches.ts'
import { type Copied, copyBlob } from './copy-blobs.ts'
import type { ArchiveEntry, Noun } from './entries.ts'
import type { Labelling } from './labelling.ts'
import { type Written, writeEntry } from './write-archive.ts'

/** Copied at once: what a disk and a storage take well. */
const copiedAtOnce = 32
/**
 * Written at once: SQLite commits them together, and Redis takes them in one turn, so that both wait for the disk once. Measured over
 * 100,000 images: a third of the time that sixteen at once take.
 */
const writtenAtOnce = 256

/** What has happened so far. */
export interface Tally {
  entries: Record<Written, number>
  blobs: Record<Copied, number>
  /** What is wrong, the first of it in words. */
  problems: string[]
}

/** As many problems are told in words. */
const maxProblems = 100

export const newTally = (): Tally => ({
  entries: { written: 0, present: 0, 'left out': 0 },
  blobs: { copied: 0, present: 0, missing: 0, damaged: 0 },
  problems: [],
})

export interface Transfer {
  from: BlobStore
  to: BlobStore
  /** The image as it is now, where others go on working: its bytes may have moved, or it may be gone. */
  refresh?: (id: string) => Promise<ImageRecord | undefined>
  /** Of the storage that the bytes go to, if that is to serve them. */
  labelling?: Labelling
  tally: Tally
  /** Told after each step. */
  onStep: () => void
}

/** The entries as they come, the bytes of each image copied before it goes on; without images that went meanwhile. */
export async function* withBlobs(
  entries: AsyncIterable<ArchiveEntry>,
  transfer: Transfer,
): AsyncGenerator<ArchiveEntry> {
  for await (const some of inBatches(entries, copiedAtOnce)) {
    const arrived = await Promise.all(
      some.map(async (one) => {
        if (one.noun !== 'image') return one
        const image = await copyImage(one.entry, transfer)
        return image && { noun: one.noun, entry: image }
      }),
    )
    transfer.onStep()
    yield* arrived.filter((one) => one !== undefined)
  }
}

async function copyImage(image: ImageRecord, transfer: Transfer): Promise<ImageRecord | undefined> {
  const { from, to, refresh, labelling, tally } = transfer
  const copy = (one: ImageRecord) => copyBlob(from, to, one, labelling?.labelFor(one))
  // Some old records name no object.
  if (image.key === '') return image
  if (labelling?.isSettled(image)) {
    tally.blobs.present++
    return image
  }
  let current = image
  let copied = await copy(image)
  if (copied === 'missing' && refresh) {
    const now = await refresh(image.id)
    if (!now) return undefined
    current = now
    if (now.key !== image.key) copied = await copy(now)
  }
  tally.blobs[copied]++
  if (copied === 'copied' || copied === 'present') await labelling?.settle(current, copied)
  if (copied === 'missing' || copied === 'damaged')
    note(tally, `${current.id}: its bytes are ${copied} (${current.key})`)
  return current
}

/** Writes entries, those of one noun several at a time. */
export async function writeEntries(
  entries: AsyncIterable<ArchiveEntry>,
  store: MetadataStore,
  { tally, onStep }: Pick<Transfer, 'tally' | 'onStep'>,
): Promise<void> {
  for await (const some of inBatches(entries, writtenAtOnce, ({ noun }) => noun, isAlone)) {
    const written = await Promise.all(some.map((entry) => writeEntry(store, entry)))
    for (const [at, result] of written.entries()) {
      tally.entries[result]++
      if (result === 'left out') note(tally, `${some[at]!.noun}: left out, since what it belongs to is not there`)
    }
    onStep()
  }
}

/** Their order counts. */
const inTurn: ReadonlySet<Noun> = new Set<Noun>(['report', 'audit'])
const isAlone = ({ noun }: ArchiveEntry): boolean => inTurn.has(noun)

function note(tally: Tally, problem: string): void {
  if (tally.problems.length < maxProblems) tally.problems.push(problem)
}

import { isDeepStrictEqual } from 'node:util'
import type { ImageRecord } from '../../ports/images.ts'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import type { OperationContext, Stores } from '../operation.ts'
import { inBatches } from './batches.ts'
import { type ArchiveEntries, type Noun, noCounts, nouns } from './entries.ts'
import { readArchive } from './read-archive.ts'
import { createReporter } from './report.ts'
import { newTally } from './transfer.ts'

/** As many are told in words. */
const maxDifferences = 100
/** Nobody can change anything meanwhile: as many as a storage answers at once, since each waits for it. */
const comparedAtOnce = 64

/** What the copy lacks or has otherwise, in words; empty if all is there. Every entry is looked at, and the size of all bytes. */
export async function verify(
  source: MetadataStore,
  copy: Stores,
  context: Pick<OperationContext, 'progress' | 'clock'>,
): Promise<string[]> {
  const differences: string[] = []
  const tell = (words: string) => {
    if (differences.length < maxDifferences) differences.push(words)
  }
  const onStep = createReporter(context, newTally())
  const counts = noCounts()
  for await (const some of inBatches(readArchive(source), comparedAtOnce)) {
    const found = await Promise.all(some.map(({ noun, entry }) => checks[noun](copy, entry as never)))
    for (const { noun } of some) counts[noun]++
    for (const difference of found) if (difference) tell(difference)
    onStep()
  }
  const copied = noCounts()
  for await (const { noun } of readArchive(copy.metadata)) copied[noun]++
  for (const noun of nouns.filter((each) => counts[each] !== copied[each]))
    tell(`${noun}: there are ${counts[noun]}, and ${copied[noun]} in the copy`)
  return differences
}

const checks: { [N in Noun]: (copy: Stores, entry: ArchiveEntries[N]) => Promise<string | undefined> } = {
  async settings({ metadata }, values) {
    return isDeepStrictEqual(await metadata.settings.read(), values) ? undefined : 'The settings are not the same'
  },
  async account({ metadata }, { account: { uid, username }, tokens }) {
    const keys = new Set((await metadata.tokens.list(uid)).map(({ id }) => id))
    if (tokens.some(({ id }) => !keys.has(id))) return `Keys of ${uid} are not in the copy`
    const found = await metadata.accounts.find(uid)
    return found?.username === username ? undefined : `The account ${uid} is not in the copy`
  },
  image: imageDifference,
  async album({ metadata }, { album: { id, places } }) {
    const found = await metadata.albums.find(id)
    return found?.places === places ? undefined : `The album ${id} has ${found?.places ?? 'no'} images in the copy`
  },
  async share({ metadata }, { slug }) {
    return (await metadata.shares.find(slug)) ? undefined : `The limited link ${slug.slice(0, 4)}… is not in the copy`
  },
  async invite({ metadata }, { id, hash }) {
    return (await metadata.invites.find(hash)) ? undefined : `The invite ${id} is not in the copy`
  },
  async blocked({ metadata }, { sha256 }) {
    return (await metadata.blocklist.find(sha256)) ? undefined : `${sha256} is not blocked in the copy`
  },
  async report({ metadata }, { id }) {
    return (await metadata.reports.find(id)) ? undefined : `The report ${id} is not in the copy`
  },
  // They are many: their number says enough.
  audit: async () => undefined,
}

async function imageDifference({ metadata, blobs }: Stores, image: ImageRecord): Promise<string | undefined> {
  const found = (await metadata.images.find(image.id)) ?? (await metadata.trash.find(image.id))
  if (!found) return `${image.id} is not in the copy`
  if (!isDeepStrictEqual(lasting(found), lasting(image))) return `${image.id} is not the same in the copy`
  if (image.key === '') return undefined
  const stat = await blobs.stat(found.key)
  if (!stat) return `${image.id}: its bytes are not in the copy (${found.key})`
  return image.size !== undefined && stat.size !== image.size
    ? `${image.id}: its bytes are ${stat.size} in the copy`
    : undefined
}

/** What stays, whoever counts or moves: the trash gives bytes another key, and views go on. */
function lasting({ key: _, nextKey: __, formerKey: ___, views: ____, visibility = 'unlisted', ...image }: ImageRecord) {
  return { ...image, visibility, originalFilename: image.originalFilename ?? image.filename }
}

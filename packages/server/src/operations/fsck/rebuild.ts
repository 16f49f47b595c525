import { formats } from '@imagehost/contract/formats'
import type { ImageRecord } from '../../ports/images.ts'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import type { Labels } from '../../services/labels.ts'
import { inBatches } from '../archive/batches.ts'
import { writeEntry } from '../archive/write-archive.ts'
import type { Stores } from '../operation.ts'
import type { Findings } from './findings.ts'
import { findOrphans, type Orphan } from './orphans.ts'

/** At once: each waits for the storage, which has as many connections to this process, and then for the metadata. */
const parallel = 64
/** Of deletions under way; more than ever are at once. */
const maxDeletions = 100_000

/** Makes records of objects whose records are lost, also of those that were stored a moment ago. What is being deleted stays so. */
export async function rebuildRecords(
  stores: Stores,
  { claimed, now, onObject }: { claimed: ReadonlySet<string>; now: number; onObject: () => void },
  findings: Findings,
): Promise<void> {
  const deletions = await stores.metadata.images.listDeletions({ before: now + 1, limit: maxDeletions })
  const deleted = new Set(deletions.map(({ id }) => id))
  const search = { prefixes: ['uploads/'], claimed, before: Number.MAX_SAFE_INTEGER, onObject }
  for await (const some of inBatches(findOrphans(stores, search), parallel))
    await Promise.all(
      some.map(async (orphan) => {
        const made = deleted.has(orphan.imageId) ? undefined : await rebuildRecord(stores, orphan, now)
        if (made) findings.count(made)
      }),
    )
}

/** `uploads/{uid}/{id}/{filename}`; of the trash with a word that nobody knows in between. */
const served =
  /^uploads\/(?<uid>u_[A-Za-z0-9_-]+)\/(?<id>img_[A-Za-z0-9_-]+)\/(?<hidden>[A-Za-z0-9]{16}\/)?(?<filename>[^/]+)$/

/**
 * As its label says, if that is known for sure; else private, and inspected when it is looked at for the first time. What lay in the
 * trash lies there anew, and is private until it does. The owner gets an account without a password, for which the
 * operator sets one. Undefined for what is no image of anybody, or has its record.
 */
async function rebuildRecord(
  { metadata, labels }: Pick<Stores, 'metadata' | 'labels'>,
  orphan: Orphan,
  now: number,
): Promise<'as it was' | 'private' | undefined> {
  const { uid, id, hidden, filename } = served.exec(orphan.key)?.groups ?? {}
  if (uid === undefined || id === undefined || filename === undefined) return undefined
  const known = await labelOf(labels, orphan, { id, ownerUid: uid })
  const { isTrashed, ...image } = known ?? { ...unknown(orphan, filename), isTrashed: hidden !== undefined }
  await bringOwner(metadata, uid, image.createdAt)
  const record: ImageRecord = {
    ...image,
    id,
    ownerUid: uid,
    key: orphan.key,
    ...(isTrashed && { visibility: 'private', trashedAt: now }),
  }
  if ((await writeEntry(metadata, { noun: 'image', entry: record })) !== 'written') return undefined
  return known ? 'as it was' : 'private'
}

/** Bytes of another size than the label says are others; those under another key have gone to the trash, and with them no label changes. */
async function labelOf(labels: Labels, { key, size }: Orphan, image: Pick<ImageRecord, 'id' | 'ownerUid'>) {
  const known = await labels.find({ ...image, key })
  return known?.size === size ? { ...known, isTrashed: known.key !== key } : undefined
}

function unknown({ modifiedAt }: Orphan, filename: string): Omit<ImageRecord, 'id' | 'ownerUid' | 'key'> {
  const { mime = 'application/octet-stream' } =
    Object.values(formats).find(({ extension }) => filename.endsWith(`.${extension}`)) ?? {}
  return { filename, mime, createdAt: modifiedAt, views: 0, visibility: 'private' }
}

async function bringOwner(metadata: MetadataStore, uid: string, createdAt: number): Promise<void> {
  if (await metadata.accounts.find(uid)) return
  const username = `lost-${uid.slice(2)}`.toLowerCase()
  const account = { uid, username, createdAt }
  await writeEntry(metadata, { noun: 'account', entry: { account, nameKey: username, tokens: [] } })
}

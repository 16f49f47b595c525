import type { ImageRecord } from '../../ports/images.ts'
import type { MetadataStore } from '../../ports/metadata-store.ts'
import { randomBase62 } from '../../services/ids.ts'
import { servedKey } from '../../services/storage-key.ts'
import type { ArchiveEntries, ArchiveEntry, Noun } from './entries.ts'

/** What was written is bound by nothing but what it was. */
const unlimited = { max: Number.MAX_SAFE_INTEGER, maxAlbums: Number.MAX_SAFE_INTEGER }
/** Put into an album in one step. */
const batch = 200
/** Longer than writing one image takes: what dies in between is swept. */
const draftSeconds = 3_600
const keyLength = 16

/** `present`: it was there already. `left out`: what it refers to is not there, or its name is taken. */
export type Written = 'written' | 'present' | 'left out'

/** Writes one entry, as far as it is not there: repeating it is harmless. Entries have to come in the order of `nouns`. */
export function writeEntry(store: MetadataStore, { noun, entry }: ArchiveEntry): Promise<Written> {
  return writers[noun](store, entry as never)
}

const writers: { [N in Noun]: (store: MetadataStore, entry: ArchiveEntries[N]) => Promise<Written> } = {
  async settings({ settings }, values) {
    await settings.change(values)
    return 'written'
  },
  async account({ accounts, tokens, twoFactor, setup }, { account, nameKey, tokens: own, secondFactor }) {
    const { uid } = account
    const isPresent = (await accounts.find(uid)) !== undefined
    if (!isPresent && !(await accounts.create(account, nameKey))) return 'left out'
    if (account.role === 'admin') await setup.end()
    for (const token of own) if (!(await tokens.findByHash(token.hash))) await tokens.create(token)
    if (secondFactor && !(await twoFactor.find(uid))) {
      await twoFactor.propose(uid, secondFactor.secret)
      await twoFactor.activate(uid, secondFactor)
    }
    return isPresent ? 'present' : 'written'
  },
  async image(store, image) {
    const { images, trash } = store
    if (await trash.find(image.id)) return 'present'
    const isPresent = (await images.find(image.id)) !== undefined
    if (!isPresent) await commit(store, image)
    const { id, ownerUid, filename, trashedAt } = image
    if (trashedAt === undefined) return isPresent ? 'present' : 'written'
    // As by whoever puts it there: the sweeper brings its bytes to a key that nobody knows.
    await trash.put(id, trashedAt, servedKey(ownerUid, id, `${randomBase62(keyLength)}/${filename}`))
    return 'written'
  },
  async album({ albums, albumImages, grants, drops }, { album, images, held, ...links }) {
    const { places: _, coverId, ...made } = album
    const isPresent = (await albums.find(album.id)) !== undefined
    if (!isPresent) await albums.create(made, unlimited)
    for (let start = 0; start < images.length; start += batch)
      await albumImages.add(album.id, images.slice(start, start + batch), unlimited)
    for (const waiting of held) await albumImages.hold(album.id, waiting, unlimited)
    for (const grant of links.grants) await grants.put(grant, unlimited)
    for (const drop of links.drops) if (!(await drops.find(drop.slug))) await drops.create(drop, unlimited)
    if (coverId !== undefined) await albums.update(album.id, { coverId })
    return isPresent ? 'present' : 'written'
  },
  async share({ shares }, share) {
    if (await shares.find(share.slug)) return 'present'
    return (await shares.create(share, unlimited)) === 'created' ? 'written' : 'left out'
  },
  async invite({ invites }, invite) {
    if (await invites.find(invite.hash)) return 'present'
    await invites.create(invite)
    return 'written'
  },
  async blocked({ blocklist }, source) {
    return (await blocklist.add(source)) ? 'written' : 'present'
  },
  async report({ reports }, { outcome, resolvedAt = 0, resolvedBy, ...report }) {
    const { id, imageId } = report
    if (await reports.find(id)) return 'present'
    if (!(await reports.create(report, { maxOpen: Number.MAX_SAFE_INTEGER }))) return 'left out'
    if (outcome)
      await reports.resolve(
        { imageId, reportId: id },
        { outcome, at: resolvedAt, ...(resolvedBy && { by: resolvedBy }) },
      )
    return 'written'
  },
  async audit({ audit }, { id, ...entry }) {
    const [last] = await audit.list({ order: 'newest first', limit: 1 })
    // Places are times with numbers in the order of writing, so the same entries get the same ones again.
    if (last && comesBefore(id, last.id)) return 'present'
    await audit.append(entry)
    return 'written'
  },
}

/** By the way of every upload, so that it is listed, found and counted like any other. */
async function commit({ images, uploads }: MetadataStore, image: ImageRecord): Promise<void> {
  const { trashedAt: _, nextKey: __, formerKey: ___, ...live } = image
  const { id, ownerUid, key, filename, originalFilename = filename, mime, createdAt, visibility = 'unlisted' } = live
  // Of an earlier try.
  await uploads.discard({ id, ownerUid })
  const draft = { id, ownerUid, key, filename, originalFilename, mime, createdAt, visibility, staged: false }
  const limits = { maxDrafts: Number.MAX_SAFE_INTEGER, reserveBytes: 0 }
  await uploads.create({ ...draft, expiresAt: createdAt + draftSeconds }, limits, (createdAt + draftSeconds) * 1000)
  if (!(await images.commit(live, { id, ownerUid, fence: 1 })))
    throw new Error(`The image ${id} could not be written: something else writes to this store.`)
}

/** `at-number` */
function comesBefore(id: string, other: string): boolean {
  const [[at = 0, number = 0], [otherAt = 0, otherNumber = 0]] = [id, other].map((text) =>
    text.split('-').map(Number),
  ) as [number[], number[]]
  return at < otherAt || (at === otherAt && number <= otherNumber)
}

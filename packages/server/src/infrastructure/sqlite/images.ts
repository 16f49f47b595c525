import { isFoundAlike } from '../../ports/image-terms.ts'
import type { ImageChanges, ImageFacts, ImageRecord, Images } from '../../ports/images.ts'
import type { Claim } from '../../ports/uploads.ts'
import { inserted, limited, parameters, record } from './columns.ts'
import { read } from './failure.ts'
import { createIndexWrites } from './image-index.ts'
import { factColumns, imageColumns, imageParameters, live, selectImage, tagsColumn, toImage } from './image-record.ts'
import type { SqliteRoom } from './room.ts'

export function createSqliteImages({ database, writes }: SqliteRoom): Images {
  const index = createIndexWrites(database)
  const create = database.prepare(`INSERT INTO images ${inserted(imageColumns, 'fence')}`)
  const endDraft = database.prepare('DELETE FROM drafts WHERE id = ? AND fence = ? RETURNING staged')
  const endTrace = database.prepare('DELETE FROM traces WHERE id = ?')
  const committed = database.prepare(`SELECT 1 FROM images WHERE id = ? AND fence = ? AND ${live}`)
  const find = database.prepare(`${selectImage} WHERE id = ? AND ${live}`)
  const findBySource = database.prepare(
    `${selectImage} WHERE owner_uid = ? AND source_sha256 = ? AND ${live} ORDER BY created_at DESC, id DESC LIMIT 1`,
  )
  const addFacts = database.prepare(
    `UPDATE images SET ${Object.values(factColumns)
      .map((column) => `${column} = coalesce(?, ${column})`)
      .join(', ')} WHERE id = ? AND ${live}`,
  )
  const update = database.prepare(
    `UPDATE images SET title = iif(:setsTitle, :title, title), filename = coalesce(:filename, filename),
       original_filename = coalesce(:originalFilename, original_filename), visibility = coalesce(:visibility, visibility),
       expires_at = iif(:setsExpiry, :expiresAt, expires_at), hidden_at = iif(:setsHidden, :hiddenAt, hidden_at),
       tags = iif(:setsTags, :tags, tags)
     WHERE id = :id AND ${live}`,
  )
  const expired = database.prepare(
    `SELECT id FROM images WHERE expires_at < :before AND ${live} ORDER BY expires_at, id ${limited}`,
  )
  const addViews = database.prepare(`UPDATE images SET views = views + ? WHERE id = ? AND ${live}`)
  const held = database.prepare(`${selectImage} WHERE id = ? AND deleting_since IS NULL`)
  const hide = database.prepare('UPDATE images SET deleting_since = ? WHERE id = ?')
  const deleting = database.prepare(`${selectImage} WHERE id = ? AND deleting_since IS NOT NULL`)
  const endMove = database.prepare('DELETE FROM moves WHERE id = ?')
  const endAnyDraft = database.prepare('DELETE FROM drafts WHERE id = ?')
  const forget = database.prepare('DELETE FROM images WHERE id = ? AND deleting_since IS NOT NULL')
  const deletions = database.prepare(
    `${selectImage} WHERE deleting_since < :before ORDER BY deleting_since, id ${limited}`,
  )
  const count = database.prepare(
    `INSERT INTO usage (owner_uid, images, bytes) VALUES (:ownerUid, :images, :bytes)
     ON CONFLICT (owner_uid) DO UPDATE SET images = images + excluded.images, bytes = bytes + excluded.bytes`,
  )
  // Nothing is kept of somebody who holds nothing.
  const forgetUsage = database.prepare('DELETE FROM usage WHERE owner_uid = ? AND images = 0 AND bytes = 0')
  const usage = database.prepare('SELECT images, bytes FROM usage WHERE owner_uid = ?')

  function commitNow(image: ImageRecord, claim: Claim): boolean {
    const draft = endDraft.get(claim.id, claim.fence)
    if (!draft) return committed.get(claim.id, claim.fence) !== undefined
    if (draft.staged === 0) endTrace.run(claim.id)
    create.run(...imageParameters(image), claim.fence)
    index.enter(image)
    count.run({ ownerUid: image.ownerUid, images: 1, bytes: image.size ?? 0 })
    return true
  }

  function updateNow(id: string, changes: ImageChanges): ImageRecord | undefined {
    const { title = null, filename = null, originalFilename = null, visibility = null } = changes
    const { expiresAt = null, hiddenAt = null } = changes
    const sets = {
      setsTitle: Number(changes.title !== undefined),
      setsExpiry: Number(changes.expiresAt !== undefined),
      setsHidden: Number(changes.hiddenAt !== undefined),
      setsTags: Number(changes.tags !== undefined),
    }
    const tags = tagsColumn(changes.tags)
    const before = toImage(find.get(id))
    if (!before) return undefined
    update.run({ id, title, filename, originalFilename, visibility, expiresAt, hiddenAt, tags, ...sets })
    return reindexed(before)
  }

  function reindexed(before: ImageRecord): ImageRecord {
    const image = toImage(find.get(before.id))!
    if (isFoundAlike(before, image)) return image
    index.remove(before)
    index.enter(image)
    return image
  }

  function addFactsNow(id: string, facts: ImageFacts): boolean {
    const before = toImage(find.get(id))
    if (!before) return false
    addFacts.run(...parameters<ImageFacts>(factColumns, facts), id)
    reindexed(before)
    const grown = (facts.size ?? before.size ?? 0) - (before.size ?? 0)
    if (grown !== 0) count.run({ ownerUid: before.ownerUid, images: 0, bytes: grown })
    return true
  }

  function beginDeleteNow(id: string, now: number, condition: 'if expired' | undefined): ImageRecord | undefined {
    const image = toImage(held.get(id))
    if (!image) return toImage(deleting.get(id))
    if (condition && !(image.expiresAt! <= now)) return undefined
    if (image.trashedAt === undefined) index.remove(image)
    hide.run(now, id)
    endMove.run(id)
    endAnyDraft.run(id)
    count.run({ ownerUid: image.ownerUid, images: -1, bytes: -(image.size ?? 0) })
    forgetUsage.run(image.ownerUid)
    return image
  }

  return {
    commit: (image, claim) => writes.run(() => commitNow(image, claim)),
    find: (id) => read(() => toImage(find.get(id))),
    findBySource: (ownerUid, sourceSha256) => read(() => toImage(findBySource.get(ownerUid, sourceSha256))),
    update: (id, changes) => writes.run(() => updateNow(id, changes)),
    addFacts: (id, facts) => writes.run(() => addFactsNow(id, facts)),
    async addViews(views) {
      await writes.run(() => {
        for (const [id, more] of views) addViews.run(more, id)
      })
    },
    beginDelete: (id, now, condition) => writes.run(() => beginDeleteNow(id, now, condition)),
    async finishDelete(id) {
      await writes.run(() => forget.run(id))
    },
    listExpired: ({ before, limit }) =>
      read(() => expired.all({ before, limit }).map((row) => record<{ id: string }>(row).id)),
    listDeletions: ({ before, limit }) =>
      read(() => deletions.all({ before, limit }).flatMap((row) => toImage(row) ?? [])),
    usage: (ownerUid) =>
      read(() => record<{ images: number; bytes: number }>(usage.get(ownerUid) ?? { images: 0, bytes: 0 })),
  }
}

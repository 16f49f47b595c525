import type { SQLOutputValue } from 'node:sqlite'
import type { ImageChanges, ImageFacts, ImagePosition, ImageRecord, Images, Page } from '../../ports/images.ts'
import type { Claim } from '../../ports/uploads.ts'
import { type Columns, inserted, parameters, record, recordOfValues, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const factColumns = {
  mime: 'mime',
  filename: 'filename',
  size: 'size',
  width: 'width',
  height: 'height',
  frames: 'frames',
  sha256: 'sha256',
  sourceSha256: 'source_sha256',
  thumbhash: 'thumbhash',
  color: 'color',
  takenAt: 'taken_at',
  camera: 'camera',
  refused: 'refused',
} as const satisfies Columns<ImageFacts>

const columns = {
  id: 'id',
  ownerUid: 'owner_uid',
  key: 'key',
  createdAt: 'created_at',
  views: 'views',
  visibility: 'visibility',
  originalFilename: 'original_filename',
  title: 'title',
  expiresAt: 'expires_at',
  hiddenAt: 'hidden_at',
  ...factColumns,
} as const satisfies Columns<ImageRecord>

export function createSqliteImages({ database, writes }: SqliteRoom): Images {
  const select = `SELECT ${selected<ImageRecord>(columns)} FROM images`
  const live = 'deleting_since IS NULL'

  const create = database.prepare(`INSERT INTO images ${inserted<ImageRecord>(columns, 'fence')}`)
  const endDraft = database.prepare('DELETE FROM drafts WHERE id = ? AND fence = ? RETURNING staged')
  const endTrace = database.prepare('DELETE FROM traces WHERE id = ?')
  const committed = database.prepare(`SELECT 1 FROM images WHERE id = ? AND fence = ? AND ${live}`)
  const find = database.prepare(`${select} WHERE id = ? AND ${live}`)
  const first = database.prepare(
    `${select} WHERE owner_uid = :ownerUid AND ${live} ORDER BY created_at DESC, id DESC LIMIT :limit`,
  )
  const following = database.prepare(
    `${select} WHERE owner_uid = :ownerUid AND ${live} AND (created_at, id) < (:createdAt, :id)
     ORDER BY created_at DESC, id DESC LIMIT :limit`,
  )
  for (const page of [first, following]) page.setReturnArrays(true)
  const findBySource = database.prepare(
    `${select} WHERE owner_uid = ? AND source_sha256 = ? AND ${live} ORDER BY created_at DESC, id DESC LIMIT 1`,
  )
  const addFacts = database.prepare(
    `UPDATE images SET ${Object.entries(factColumns)
      .map(([field, column]) => `${column} = coalesce(:${field}, ${column})`)
      .join(', ')} WHERE id = :id AND ${live}`,
  )
  const update = database.prepare(
    `UPDATE images SET title = iif(:setsTitle, :title, title), filename = coalesce(:filename, filename),
       original_filename = coalesce(:originalFilename, original_filename), visibility = coalesce(:visibility, visibility),
       expires_at = iif(:setsExpiry, :expiresAt, expires_at), hidden_at = iif(:setsHidden, :hiddenAt, hidden_at)
     WHERE id = :id AND ${live}`,
  )
  const expired = database.prepare(
    `SELECT id FROM images WHERE expires_at < :before AND ${live} ORDER BY expires_at, id LIMIT :limit`,
  )
  const addViews = database.prepare(`UPDATE images SET views = views + ? WHERE id = ? AND ${live}`)
  const hide = database.prepare(`UPDATE images SET deleting_since = ? WHERE id = ? AND ${live}`)
  const deleting = database.prepare(`${select} WHERE id = ? AND deleting_since IS NOT NULL`)
  const endAnyDraft = database.prepare('DELETE FROM drafts WHERE id = ?')
  const forget = database.prepare('DELETE FROM images WHERE id = ? AND deleting_since IS NOT NULL')
  const deletions = database.prepare(
    `${select} WHERE deleting_since < :before ORDER BY deleting_since, id LIMIT :limit`,
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
    create.run({ ...parameters<ImageRecord>(columns, image), fence: claim.fence })
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
    }
    update.run({ id, title, filename, originalFilename, visibility, expiresAt, hiddenAt, ...sets })
    return toImage(find.get(id))
  }

  function addFactsNow(id: string, facts: ImageFacts): boolean {
    const before = toImage(find.get(id))
    if (!before) return false
    addFacts.run({ ...parameters<ImageFacts>(factColumns, facts), id })
    const grown = (facts.size ?? before.size ?? 0) - (before.size ?? 0)
    if (grown !== 0) count.run({ ownerUid: before.ownerUid, images: 0, bytes: grown })
    return true
  }

  function beginDeleteNow(id: string, now: number, condition: 'if expired' | undefined): ImageRecord | undefined {
    const image = toImage(find.get(id))
    if (!image) return toImage(deleting.get(id))
    if (condition && !(image.expiresAt! <= now)) return undefined
    hide.run(now, id)
    endAnyDraft.run(id)
    count.run({ ownerUid: image.ownerUid, images: -1, bytes: -(image.size ?? 0) })
    forgetUsage.run(image.ownerUid)
    return image
  }

  function listNow(ownerUid: string, limit: number, after: ImagePosition | undefined): Page<ImageRecord> {
    // One more than asked tells whether there is a next page.
    const rows: unknown[] = after
      ? following.all({ ownerUid, createdAt: after.createdAt, id: after.id, limit: limit + 1 })
      : first.all({ ownerUid, limit: limit + 1 })
    const items = rows.slice(0, limit).map((row) => toListed(row as SQLOutputValue[]))
    const last = items.at(-1)
    return rows.length > limit && last ? { items, next: { createdAt: last.createdAt, id: last.id } } : { items }
  }

  return {
    commit: (image, claim) => writes.run(() => commitNow(image, claim)),
    find: (id) => read(() => toImage(find.get(id))),
    list: (ownerUid, { limit, after }) => read(() => listNow(ownerUid, limit, after)),
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
      read(() => deletions.all({ before, limit }).map((row) => record<ImageRecord>(row))),
    usage: (ownerUid) =>
      read(() => record<{ images: number; bytes: number }>(usage.get(ownerUid) ?? { images: 0, bytes: 0 })),
  }
}

const toListed = recordOfValues<ImageRecord>(columns)

const toImage = (row: Record<string, SQLOutputValue> | undefined): ImageRecord | undefined =>
  row && record<ImageRecord>(row)

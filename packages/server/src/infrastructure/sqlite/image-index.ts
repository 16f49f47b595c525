import type { DatabaseSync } from 'node:sqlite'
import type { Facet, ImageIndex, ImageQuery } from '../../ports/image-index.ts'
import { datedAt, monthOf, termsOf } from '../../ports/image-terms.ts'
import type { ImageRecord, Page } from '../../ports/images.ts'
import { limited, record } from './columns.ts'
import { read } from './failure.ts'
import { live, selectImage, toListed } from './image-record.ts'
import type { SqliteRoom } from './room.ts'

const order = `ORDER BY created_at DESC, id DESC ${limited}`

export function createSqliteImageIndex({ database }: SqliteRoom): ImageIndex {
  const lists = {
    created: `${selectImage} WHERE owner_uid = :ownerUid AND ${live} AND created_at >= :from
      AND (created_at, id) < (:before, :id) ${order}`,
    taken: `${selectImage} WHERE owner_uid = :ownerUid AND ${live} AND dated_at >= :from
      AND (dated_at, id) < (:before, :id) ORDER BY dated_at DESC, id DESC ${limited}`,
    term: `WITH found AS (SELECT id FROM image_terms WHERE owner_uid = :ownerUid AND kind = :kind AND value = :value
      AND created_at >= :from AND (created_at, id) < (:before, :id) ${order})
      ${selectImage} WHERE id IN found ORDER BY created_at DESC, id DESC`,
  }
  const byCreation = database.prepare(lists.created)
  const byDate = database.prepare(lists.taken)
  const byTerm = database.prepare(lists.term)
  for (const list of [byCreation, byDate, byTerm]) list.setReturnArrays(true)
  const words = database.prepare(
    `SELECT value FROM image_facets WHERE owner_uid = ? AND kind = 'w' AND value >= ? AND value < ? ORDER BY value LIMIT ?`,
  )
  const tags = database.prepare(
    `SELECT value, count FROM image_facets WHERE owner_uid = ? AND kind = 't' AND value > ? ORDER BY value LIMIT ?`,
  )
  const months = database.prepare(
    'SELECT value, count FROM image_facets WHERE owner_uid = ? AND kind = ? ORDER BY value DESC',
  )

  function listNow(ownerUid: string, query: ImageQuery): Page<ImageRecord> {
    const { limit, after, order = 'created', from = lowest, to = highest, tag, word } = query
    // Before a whole second is before the empty id in it.
    const place = after ? { before: after.createdAt, id: after.id } : { before: to, id: '' }
    // One more than asked tells whether there is a next page.
    const bounds = { ownerUid, from, ...place, limit: limit + 1 }
    const value = tag ?? word
    const rows: unknown[] =
      value !== undefined
        ? byTerm.all({ ...bounds, kind: tag === undefined ? 'w' : 't', value })
        : (order === 'taken' ? byDate : byCreation).all(bounds)
    const items = rows.slice(0, limit).map(toListed)
    const last = items.at(-1)
    if (rows.length <= limit || !last) return { items }
    return { items, next: { createdAt: order === 'taken' ? datedAt(last) : last.createdAt, id: last.id } }
  }

  return {
    list: (ownerUid, query) => read(() => listNow(ownerUid, query)),
    words: (ownerUid, prefix, limit) =>
      read(() =>
        words.all(ownerUid, prefix, `${prefix}${lastCharacter}`, limit).map((row) => record<Facet>(row).value),
      ),
    tags: (ownerUid, { limit, after = '' }) =>
      read(() => tags.all(ownerUid, after, limit).map((row) => record<Facet>(row))),
    months: (ownerUid, order) =>
      read(() => months.all(ownerUid, order === 'taken' ? 'd' : 'm').map((row) => record<Facet>(row))),
  }
}

/** Enters and removes an image within the transaction that changes it. */
export function createIndexWrites(database: DatabaseSync) {
  const enterTerm = database.prepare(
    `INSERT INTO image_terms (owner_uid, kind, value, created_at, id) VALUES (?, ?, ?, ?, ?)
     ON CONFLICT DO NOTHING`,
  )
  const removeTerm = database.prepare(
    'DELETE FROM image_terms WHERE owner_uid = ? AND kind = ? AND value = ? AND created_at = ? AND id = ?',
  )
  const count = database.prepare(
    `INSERT INTO image_facets (owner_uid, kind, value, count) VALUES (?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET count = count + excluded.count`,
  )
  const forget = database.prepare(
    'DELETE FROM image_facets WHERE owner_uid = ? AND kind = ? AND value = ? AND count <= 0',
  )

  function change(image: ImageRecord, by: 1 | -1): void {
    const { ownerUid, createdAt, id } = image
    const { tags, words } = termsOf(image)
    const terms = [...tags.map((value) => ({ kind: 't', value })), ...words.map((value) => ({ kind: 'w', value }))]
    for (const { kind, value } of terms) (by === 1 ? enterTerm : removeTerm).run(ownerUid, kind, value, createdAt, id)
    const months = [
      { kind: 'm', value: monthOf(createdAt) },
      { kind: 'd', value: monthOf(datedAt(image)) },
    ]
    for (const { kind, value } of [...terms, ...months]) {
      count.run(ownerUid, kind, value, by)
      if (by === -1) forget.run(ownerUid, kind, value)
    }
  }

  return {
    enter: (image: ImageRecord) => change(image, 1),
    remove: (image: ImageRecord) => change(image, -1),
  }
}

const lowest = -8e15
const highest = Number.MAX_SAFE_INTEGER
/** Sorts behind every word: no letter and no digit. */
const lastCharacter = '\u{10ffff}'

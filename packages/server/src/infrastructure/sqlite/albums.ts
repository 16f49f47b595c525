import type { Album, AlbumPage, Albums } from '../../ports/albums.ts'
import type { ImagePosition } from '../../ports/images.ts'
import { type Columns, inserted, limited, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  id: 'id',
  ownerUid: 'owner_uid',
  name: 'name',
  description: 'description',
  visibility: 'visibility',
  coverId: 'cover_id',
  createdAt: 'created_at',
  places: 'places',
} as const satisfies Columns<Album>

export function createSqliteAlbums({ database, writes }: SqliteRoom): Albums {
  const select = `SELECT ${selected<Album>(columns)} FROM albums`
  const count = database.prepare('SELECT count(*) AS albums FROM albums WHERE owner_uid = ? AND deleting_since IS NULL')
  const create = database.prepare(`INSERT INTO albums ${inserted<Album>(columns)}`)
  const find = database.prepare(`${select} WHERE id = ? AND deleting_since IS NULL`)
  const update = database.prepare(
    `UPDATE albums SET name = coalesce(:name, name), description = iif(:setsDescription, :description, description),
       visibility = coalesce(:visibility, visibility),
       cover_id = iif(:setsCover AND (:coverId IS NULL OR EXISTS (
         SELECT 1 FROM album_images WHERE album_id = :id AND image_id = :coverId)), :coverId, cover_id)
     WHERE id = :id AND deleting_since IS NULL`,
  )
  const list = database.prepare(
    `${select} WHERE owner_uid = :ownerUid AND deleting_since IS NULL AND (created_at, id) < (:createdAt, :id)
     ORDER BY created_at DESC, id DESC ${limited}`,
  )
  const hide = database.prepare('UPDATE albums SET deleting_since = ? WHERE id = ? AND deleting_since IS NULL')
  const deletions = database.prepare(
    'SELECT id FROM albums WHERE deleting_since < ? ORDER BY deleting_since, id LIMIT ?',
  )
  const forget = [
    'DELETE FROM album_images WHERE album_id = ?',
    'DELETE FROM held_images WHERE album_id = ?',
    'DELETE FROM grants WHERE album_id = ?',
    'DELETE FROM drop_takes WHERE slug IN (SELECT slug FROM drops WHERE album_id = ?)',
    'DELETE FROM drops WHERE album_id = ?',
    'DELETE FROM albums WHERE id = ?',
  ].map((statement) => database.prepare(statement))
  const isInDeletion = database.prepare('SELECT 1 FROM albums WHERE id = ? AND deleting_since IS NOT NULL')

  const findNow = (id: string): Album | undefined => {
    const row = find.get(id)
    return row && record<Album>(row)
  }

  function listNow(ownerUid: string, limit: number, after: ImagePosition = farthest): AlbumPage {
    // One more than asked tells whether there is a next page.
    const rows = list.all({ ownerUid, ...after, limit: limit + 1 }).map((row) => record<Album>(row))
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return rows.length > limit && last ? { items, next: { createdAt: last.createdAt, id: last.id } } : { items }
  }

  return {
    create: (album, { max }) =>
      writes.run(() => {
        if (Number(count.get(album.ownerUid)?.albums) >= max) return false
        return create.run(...parameters<Album>(columns, { ...album, places: 0 })).changes === 1
      }),
    find: (id) => read(() => findNow(id)),
    update: (id, { name = null, description, visibility = null, coverId }) =>
      writes.run(() => {
        update.run({
          id,
          name,
          visibility,
          setsDescription: Number(description !== undefined),
          description: description ?? null,
          setsCover: Number(coverId !== undefined),
          coverId: coverId ?? null,
        })
        return findNow(id)
      }),
    list: (ownerUid, { limit, after }) => read(() => listNow(ownerUid, limit, after)),
    beginDelete: (id, now) => writes.run(() => hide.run(now, id).changes === 1),
    async finishDelete(id) {
      await writes.run(() => {
        if (isInDeletion.get(id)) for (const statement of forget) statement.run(id)
      })
    },
    listDeletions: ({ before, limit }) =>
      read(() => deletions.all(before, limit).map((row) => record<{ id: string }>(row).id)),
  }
}

const farthest: ImagePosition = { createdAt: Number.MAX_SAFE_INTEGER, id: '' }

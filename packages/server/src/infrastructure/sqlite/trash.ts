import type { ImageRecord } from '../../ports/images.ts'
import type { Trash } from '../../ports/trash.ts'
import { limited, record } from './columns.ts'
import { read } from './failure.ts'
import { createIndexWrites } from './image-index.ts'
import { live, selectImage, toImage, toListed } from './image-record.ts'
import type { SqliteRoom } from './room.ts'

export function createSqliteTrash({ database, writes }: SqliteRoom): Trash {
  const index = createIndexWrites(database)
  const trashed = 'deleting_since IS NULL AND trashed_at IS NOT NULL'
  const findLive = database.prepare(`${selectImage} WHERE id = ? AND ${live}`)
  const find = database.prepare(`${selectImage} WHERE id = ? AND ${trashed}`)
  const mark = database.prepare('UPDATE images SET trashed_at = :now, next_key = :nextKey WHERE id = :id')
  const unmark = database.prepare('UPDATE images SET trashed_at = NULL WHERE id = ?')
  const held = database.prepare(`${selectImage} WHERE id = ? AND deleting_since IS NULL`)
  const changeKey = database.prepare(
    `UPDATE images SET former_key = key, key = next_key, next_key = NULL
     WHERE id = ? AND next_key = ? AND deleting_since IS NULL`,
  )
  const leaveKey = database.prepare('UPDATE images SET former_key = NULL WHERE id = ? AND former_key = ?')
  const note = database.prepare(
    'INSERT INTO moves (id, since) VALUES (?, ?) ON CONFLICT DO UPDATE SET since = excluded.since',
  )
  const forget = database.prepare('DELETE FROM moves WHERE id = ?')
  const moves = database.prepare('SELECT id FROM moves WHERE since < ? ORDER BY since, id LIMIT ?')
  const due = database.prepare(
    `SELECT id FROM images WHERE trashed_at < ? AND ${trashed} ORDER BY trashed_at, id LIMIT ?`,
  )
  const list = database.prepare(
    `${selectImage} WHERE owner_uid = :ownerUid AND ${trashed} AND (trashed_at, id) < (:before, :id)
     ORDER BY trashed_at DESC, id DESC ${limited}`,
  )
  list.setReturnArrays(true)

  function putNow(id: string, now: number, nextKey: string): ImageRecord | undefined {
    const image = toImage(findLive.get(id))
    if (image) {
      mark.run({ now, nextKey, id })
      note.run(id, now)
      index.remove(image)
    }
    return toImage(find.get(id))
  }

  function restoreNow(id: string): ImageRecord | undefined {
    if (!find.get(id)) return undefined
    unmark.run(id)
    const image = toImage(findLive.get(id))
    if (image) index.enter(image)
    return image
  }

  return {
    put: (id, now, nextKey) => writes.run(() => putNow(id, now, nextKey)),
    find: (id) => read(() => toImage(find.get(id))),
    list: (ownerUid, { limit, after }) =>
      read(() => {
        const place = { before: after?.createdAt ?? Number.MAX_SAFE_INTEGER, id: after?.id ?? '' }
        const rows: unknown[] = list.all({ ownerUid, ...place, limit: limit + 1 })
        const items = rows.slice(0, limit).map(toListed)
        const last = items.at(-1)
        return rows.length > limit && last ? { items, next: { createdAt: last.trashedAt!, id: last.id } } : { items }
      }),
    restore: (id) => writes.run(() => restoreNow(id)),
    changeKey: (id, nextKey) =>
      writes.run(() => (changeKey.run(id, nextKey).changes === 1 ? toImage(held.get(id)) : undefined)),
    async finishMove(id, formerKey) {
      await writes.run(() => leaveKey.run(id, formerKey).changes === 1 && forget.run(id))
    },
    listMoves: ({ before, limit }) =>
      read(() => moves.all(before, limit).flatMap(({ id }) => toImage(held.get(id!)) ?? [])),
    listDue: ({ before, limit }) => read(() => due.all(before, limit).map((row) => record<{ id: string }>(row).id)),
  }
}

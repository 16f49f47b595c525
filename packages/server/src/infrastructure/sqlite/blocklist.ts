import type { BlockedSource, Blocklist } from '../../ports/blocklist.ts'
import { type Columns, inserted, limited, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  sha256: 'sha256',
  reason: 'reason',
  createdAt: 'created_at',
  addedBy: 'added_by',
} as const satisfies Columns<BlockedSource>

export function createSqliteBlocklist({ database, writes }: SqliteRoom): Blocklist {
  const select = `SELECT ${selected<BlockedSource>(columns)} FROM blocklist`
  const add = database.prepare(
    `INSERT INTO blocklist ${inserted<BlockedSource>(columns)} ON CONFLICT (sha256) DO NOTHING`,
  )
  const find = database.prepare(`${select} WHERE sha256 = ?`)
  const remove = database.prepare('DELETE FROM blocklist WHERE sha256 = ?')
  const page = database.prepare(
    `${select} WHERE (created_at, sha256) < (:createdAt, :id) ORDER BY created_at DESC, sha256 DESC ${limited}`,
  )

  return {
    add: (source) => writes.run(() => add.run(...parameters<BlockedSource>(columns, source)).changes === 1),
    find: (sha256) =>
      read(() => {
        const row = find.get(sha256)
        return row && record<BlockedSource>(row)
      }),
    delete: (sha256) => writes.run(() => remove.run(sha256).changes === 1),
    list: ({ limit, after = { createdAt: Number.MAX_SAFE_INTEGER, id: '' } }) =>
      read(() => {
        // One more than asked tells whether there is a next page.
        const rows = page.all({ ...after, limit: limit + 1 }).map((row) => record<BlockedSource>(row))
        const items = rows.slice(0, limit)
        const last = items.at(-1)
        if (rows.length <= limit || !last) return { items }
        return { items, next: { createdAt: last.createdAt, id: last.sha256 } }
      }),
  }
}

import type { Grant, GrantPage, Grants } from '../../ports/grants.ts'
import type { ImagePosition } from '../../ports/images.ts'
import { type Columns, inserted, limited, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  albumId: 'album_id',
  uid: 'uid',
  role: 'role',
  createdAt: 'created_at',
} as const satisfies Columns<Grant>

export function createSqliteGrants({ database, writes }: SqliteRoom): Grants {
  const select = `SELECT ${selected<Grant>(columns)} FROM grants`
  const isLive = database.prepare('SELECT 1 FROM albums WHERE id = ? AND deleting_since IS NULL')
  const others = database.prepare('SELECT count(*) AS others FROM grants WHERE album_id = ? AND uid <> ?')
  const put = database.prepare(
    `INSERT INTO grants ${inserted<Grant>(columns)}
     ON CONFLICT DO UPDATE SET role = excluded.role, created_at = excluded.created_at`,
  )
  const revoke = database.prepare('DELETE FROM grants WHERE album_id = ? AND uid = ?')
  const list = database.prepare(`${select} WHERE album_id = ? ORDER BY created_at, uid`)
  const roleOf = database.prepare(
    `SELECT iif(owner_uid = :uid, 'owner', (SELECT role FROM grants WHERE album_id = :albumId AND uid = :uid)) AS role
     FROM albums WHERE id = :albumId AND deleting_since IS NULL`,
  )
  const listOf = database.prepare(
    `${select} WHERE uid = :uid AND (created_at, album_id) < (:createdAt, :id)
     ORDER BY created_at DESC, album_id DESC ${limited}`,
  )

  function listOfNow(uid: string, limit: number, after: ImagePosition = farthest): GrantPage {
    // One more than asked tells whether there is a next page.
    const rows = listOf.all({ uid, ...after, limit: limit + 1 }).map((row) => record<Grant>(row))
    const here = rows.slice(0, limit)
    const items = here.filter(({ albumId }) => isLive.get(albumId))
    const last = here.at(-1)
    return rows.length > limit && last ? { items, next: { createdAt: last.createdAt, id: last.albumId } } : { items }
  }

  return {
    put: (grant, { max }) =>
      writes.run(() => {
        if (!isLive.get(grant.albumId)) return 'missing'
        if (Number(others.get(grant.albumId, grant.uid)?.others) >= max) return 'full'
        put.run(...parameters<Grant>(columns, grant))
        return 'granted'
      }),
    revoke: (albumId, uid) => writes.run(() => revoke.run(albumId, uid).changes === 1),
    list: (albumId) => read(() => list.all(albumId).map((row) => record<Grant>(row))),
    roleOf: (albumId, uid) =>
      read(() => {
        const row = roleOf.get({ albumId, uid })
        return row && record<Partial<Pick<Grant, 'role'>>>(row).role
      }),
    listOf: (uid, { limit, after }) => read(() => listOfNow(uid, limit, after)),
  }
}

const farthest: ImagePosition = { createdAt: Number.MAX_SAFE_INTEGER, id: '' }

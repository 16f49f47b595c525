import type { Invite, InvitePage, InvitePosition, Invites } from '../../ports/invites.ts'
import { type Columns, inserted, limited, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  id: 'id',
  hash: 'hash',
  note: 'note',
  uses: 'uses',
  used: 'used',
  createdAt: 'created_at',
  expiresAt: 'expires_at',
} as const satisfies Columns<Invite>

export function createSqliteInvites({ database, writes }: SqliteRoom): Invites {
  const select = `SELECT ${selected<Invite>(columns)} FROM invites`
  const create = database.prepare(`INSERT INTO invites ${inserted<Invite>(columns)}`)
  const following = database.prepare(
    `${select} WHERE (created_at, id) < (:createdAt, :id) ORDER BY created_at DESC, id DESC ${limited}`,
  )
  const find = database.prepare(`${select} WHERE hash = ?`)
  const consume = database.prepare(
    `UPDATE invites SET used = used + 1
     WHERE hash = :hash AND used < uses AND (expires_at IS NULL OR expires_at > :now) RETURNING id`,
  )
  const giveBack = database.prepare('UPDATE invites SET used = used - 1 WHERE id = ? AND used > 0')
  const remove = database.prepare('DELETE FROM invites WHERE id = ?')

  function listNow(limit: number, after: InvitePosition = { createdAt: Number.MAX_SAFE_INTEGER, id: '' }): InvitePage {
    // One more than asked tells whether there is a next page.
    const rows = following.all({ createdAt: after.createdAt, id: after.id, limit: limit + 1 })
    const items = rows.slice(0, limit).map((row) => record<Invite>(row))
    const last = items.at(-1)
    return rows.length > limit && last ? { items, next: { createdAt: last.createdAt, id: last.id } } : { items }
  }

  return {
    async create(invite) {
      await writes.run(() => create.run(...parameters<Invite>(columns, invite)))
    },
    list: ({ limit, after }) => read(() => listNow(limit, after)),
    find: (hash) =>
      read(() => {
        const row = find.get(hash)
        return row && record<Invite>(row)
      }),
    consume: (hash, now) =>
      writes.run(() => {
        const id = consume.get({ hash, now })?.id
        return typeof id === 'string' ? id : undefined
      }),
    async giveBack(id) {
      await writes.run(() => giveBack.run(id))
    },
    delete: (id) => writes.run(() => remove.run(id).changes === 1),
  }
}

import type { SQLOutputValue } from 'node:sqlite'
import type { Drop, DropChanges, Drops } from '../../ports/drops.ts'
import { type Columns, inserted, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  slug: 'slug',
  albumId: 'album_id',
  name: 'name',
  createdAt: 'created_at',
  passwordHash: 'password_hash',
  expiresAt: 'expires_at',
  maxFiles: 'max_files',
  maxBytes: 'max_bytes',
  showsAlbum: 'shows_album',
  holds: 'holds',
  visibility: 'visibility',
  files: 'files',
  bytes: 'bytes',
} as const satisfies Columns<Drop>

export function createSqliteDrops({ database, writes }: SqliteRoom): Drops {
  const select = `SELECT ${selected<Drop>(columns)} FROM drops`
  const isLive = database.prepare('SELECT 1 FROM albums WHERE id = ? AND deleting_since IS NULL')
  const count = database.prepare('SELECT count(*) AS drops FROM drops WHERE album_id = ?')
  const create = database.prepare(`INSERT INTO drops ${inserted<Drop>(columns)}`)
  const find = database.prepare(`${select} WHERE slug = ?`)
  const list = database.prepare(`${select} WHERE album_id = ? ORDER BY created_at, slug`)
  const remove = database.prepare('DELETE FROM drops WHERE slug = ?')
  const forgetTakes = database.prepare('DELETE FROM drop_takes WHERE slug = ?')
  const add = database.prepare('UPDATE drops SET files = files + ?, bytes = bytes + ? WHERE slug = ?')
  const note = database.prepare('INSERT INTO drop_takes (slug, ticket, bytes) VALUES (?, ?, ?)')
  const settle = database.prepare('DELETE FROM drop_takes WHERE slug = ? AND ticket = ? RETURNING bytes')
  const setters = Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [
      field,
      database.prepare(`UPDATE drops SET ${column} = :value WHERE slug = :slug`),
    ]),
  )

  const findNow = (slug: string): Drop | undefined => {
    const row = find.get(slug)
    return row && toDrop(row)
  }

  function takeNow(slug: string, { ticket, bytes, now }: Parameters<Drops['take']>[1]) {
    const drop = findNow(slug)
    if (!drop || (drop.expiresAt ?? Infinity) <= now) return 'gone'
    if (drop.files + 1 > (drop.maxFiles ?? Infinity) || drop.bytes + bytes > (drop.maxBytes ?? Infinity)) return 'full'
    add.run(1, bytes, slug)
    note.run(slug, ticket, bytes)
    return 'taken'
  }

  function updateNow(slug: string, changes: DropChanges): Drop | undefined {
    for (const [field, value] of Object.entries(changes))
      if (value !== undefined) setters[field]!.run({ slug, value: typeof value === 'boolean' ? Number(value) : value })
    return findNow(slug)
  }

  return {
    create: (drop, { max }) =>
      writes.run(() => {
        if (!isLive.get(drop.albumId)) return 'missing'
        if (Number(count.get(drop.albumId)?.drops) >= max) return 'full'
        create.run(...parameters<Drop>(columns, { files: 0, bytes: 0, ...drop }))
        return 'created'
      }),
    find: (slug) => read(() => findNow(slug)),
    list: (albumId) => read(() => list.all(albumId).map(toDrop)),
    update: (slug, changes) => writes.run(() => updateNow(slug, changes)),
    delete: (slug) =>
      writes.run(() => {
        forgetTakes.run(slug)
        return remove.run(slug).changes === 1
      }),
    take: (slug, file) => writes.run(() => takeNow(slug, file)),
    async giveBack(slug, ticket) {
      await writes.run(() => {
        const taken = settle.get(slug, ticket)
        if (taken) add.run(-1, -Number(taken.bytes), slug)
      })
    },
    async keep(slug, ticket) {
      await writes.run(() => settle.run(slug, ticket))
    },
  }
}

/** SQLite has no booleans. */
function toDrop(row: Record<string, SQLOutputValue>): Drop {
  const stored = record<Drop>(row)
  return { ...stored, showsAlbum: Boolean(stored.showsAlbum), holds: Boolean(stored.holds) }
}

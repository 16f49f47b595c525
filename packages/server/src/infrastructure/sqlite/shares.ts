import type { SQLOutputValue } from 'node:sqlite'
import type { ImagePosition } from '../../ports/images.ts'
import type { Share, ShareChanges, SharePage, ShareSubject, Shares } from '../../ports/shares.ts'
import { type Columns, inserted, limited, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  slug: 'slug',
  ownerUid: 'owner_uid',
  imageId: 'image_id',
  albumId: 'album_id',
  name: 'name',
  createdAt: 'created_at',
  passwordHash: 'password_hash',
  expiresAt: 'expires_at',
  maxViews: 'max_views',
  allowDownload: 'allow_download',
  views: 'views',
  lastUsedAt: 'last_used_at',
} as const satisfies Columns<Share>

export function createSqliteShares({ database, writes }: SqliteRoom): Shares {
  const select = `SELECT ${selected<Share>(columns)} FROM shares`
  const isLive = database.prepare(
    `SELECT 1 FROM images WHERE id = :imageId AND deleting_since IS NULL AND trashed_at IS NULL
     UNION ALL SELECT 1 FROM albums WHERE id = :albumId AND deleting_since IS NULL`,
  )
  const ofSubject = 'image_id IS :imageId AND album_id IS :albumId'
  const count = database.prepare(`SELECT count(*) AS shares FROM shares WHERE ${ofSubject}`)
  const create = database.prepare(`INSERT INTO shares ${inserted<Share>(columns)}`)
  const find = database.prepare(`${select} WHERE slug = ?`)
  const list = database.prepare(`${select} WHERE ${ofSubject} ORDER BY created_at, slug`)
  const listOf = database.prepare(
    `${select} WHERE owner_uid = :ownerUid AND (created_at, slug) < (:createdAt, :id)
     ORDER BY created_at DESC, slug DESC ${limited}`,
  )
  const remove = database.prepare('DELETE FROM shares WHERE slug = ?')
  const removeAll = database.prepare(`DELETE FROM shares WHERE ${ofSubject}`)
  const consume = database.prepare(
    `UPDATE shares SET views = views + 1, last_used_at = :now WHERE slug = :slug
     AND (expires_at IS NULL OR expires_at > :now) AND (max_views IS NULL OR views < max_views)`,
  )
  const setters = Object.fromEntries(
    Object.entries(columns).map(([field, column]) => [
      field,
      database.prepare(`UPDATE shares SET ${column} = :value WHERE slug = :slug`),
    ]),
  )

  const findNow = (slug: string): Share | undefined => {
    const row = find.get(slug)
    return row && toShare(row)
  }

  function listNow(ownerUid: string, limit: number, after: ImagePosition = farthest): SharePage {
    // One more than asked tells whether there is a next page.
    const rows = listOf.all({ ownerUid, ...after, limit: limit + 1 }).map(toShare)
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return rows.length > limit && last ? { items, next: { createdAt: last.createdAt, id: last.slug } } : { items }
  }

  function updateNow(slug: string, changes: ShareChanges): Share | undefined {
    for (const [field, value] of Object.entries(changes))
      if (value !== undefined) setters[field]!.run({ slug, value: typeof value === 'boolean' ? Number(value) : value })
    return findNow(slug)
  }

  return {
    create: (share, { max }) =>
      writes.run(() => {
        if (!isLive.get(idsOf(share))) return 'missing'
        if (Number(count.get(idsOf(share))?.shares) >= max) return 'full'
        create.run(...parameters<Share>(columns, { views: 0, ...share }))
        return 'created'
      }),
    find: (slug) => read(() => findNow(slug)),
    list: (subject) => read(() => list.all(idsOf(subject)).map(toShare)),
    listOf: (ownerUid, { limit, after }) => read(() => listNow(ownerUid, limit, after)),
    update: (slug, changes) => writes.run(() => updateNow(slug, changes)),
    delete: (slug) => writes.run(() => remove.run(slug).changes === 1),
    async deleteAll(subject) {
      await writes.run(() => removeAll.run(idsOf(subject)))
    },
    consumeView: (slug, now) =>
      writes.run(() => {
        if (consume.run({ slug, now }).changes === 1) return 'opened'
        return find.get(slug) ? 'ended' : 'gone'
      }),
  }
}

const idsOf = ({ imageId, albumId }: ShareSubject) => ({ imageId: imageId ?? null, albumId: albumId ?? null })

const farthest: ImagePosition = { createdAt: Number.MAX_SAFE_INTEGER, id: '' }

/** SQLite has no booleans. */
function toShare(row: Record<string, SQLOutputValue>): Share {
  const stored = record<Share>(row)
  return { ...stored, allowDownload: Boolean(stored.allowDownload) }
}

import type { SQLOutputValue } from 'node:sqlite'
import type { VariantBegin, VariantEntry, Variants } from '../../ports/variants.ts'
import { limited } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

export function createSqliteVariants({ database, writes }: SqliteRoom): Variants {
  const isLive = database.prepare('SELECT 1 FROM images WHERE id = ? AND deleting_since IS NULL AND trashed_at IS NULL')
  const isKnown = database.prepare('SELECT 1 FROM variants WHERE image_id = ? AND name = ?')
  const count = database.prepare('SELECT count(*) AS count FROM variants WHERE image_id = ?')
  const entry = 'image_id, name, stamp, etag'
  const oldest = database.prepare(
    `SELECT ${entry} FROM variants WHERE image_id = :imageId AND etag IS NOT NULL AND stamp < :now AND name <> :name
     ORDER BY stamp, name ${limited}`,
  )
  const begin = database.prepare(
    `INSERT INTO variants (image_id, name, stamp) VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET stamp = excluded.stamp, size = NULL, etag = NULL, made_at = NULL`,
  )
  const commit = database.prepare(
    `UPDATE variants SET stamp = :madeAt, size = :size, etag = :etag, made_at = :madeAt
     WHERE image_id = :imageId AND name = :name`,
  )
  const settle = database.prepare('DELETE FROM variants WHERE image_id = ? AND name = ? AND etag IS NULL')
  const find = database.prepare(
    'SELECT size, etag, made_at, stamp FROM variants WHERE image_id = ? AND name = ? AND etag IS NOT NULL',
  )
  const touch = database.prepare('UPDATE variants SET stamp = ? WHERE image_id = ? AND name = ? AND etag IS NOT NULL')
  const list = database.prepare(`SELECT ${entry} FROM variants WHERE image_id = ?`)
  const forget = database.prepare(
    'DELETE FROM variants WHERE image_id = ? AND name = ? AND stamp = ? AND (etag IS NOT NULL) = ?',
  )
  const listOld = (isMade: boolean) =>
    database.prepare(
      `SELECT ${entry} FROM variants WHERE etag IS ${isMade ? 'NOT ' : ''}NULL AND stamp < ? ORDER BY stamp, name LIMIT ?`,
    )
  const unused = listOld(true)
  const abandoned = listOld(false)

  function beginNow(imageId: string, name: string, now: number, max: number): VariantBegin {
    if (!isLive.get(imageId)) return { state: 'gone' }
    const isNew = !isKnown.get(imageId, name)
    const over = Number(count.get(imageId)?.count) + (isNew ? 1 : 0) - max
    const surplus = over > 0 ? oldest.all({ imageId, name, now, limit: over }).map(toEntry) : []
    if (over > 0 && isNew && surplus.length === 0) return { state: 'full' }
    begin.run(imageId, name, now)
    return { state: 'begun', surplus }
  }

  return {
    begin: (imageId, name, { now, max }) => writes.run(() => beginNow(imageId, name, now, max)),
    commit: (imageId, name, variant) =>
      writes.run(() => Boolean(isLive.get(imageId)) && commit.run({ imageId, name, ...variant }).changes === 1),
    settle: (imageId, name) =>
      writes.run(() => Boolean(isLive.get(imageId)) && settle.run(imageId, name).changes === 1),
    find: (imageId, name) =>
      read(() => {
        const row = find.get(imageId, name)
        if (!row) return undefined
        const [size, madeAt, usedAt] = [row.size, row.made_at, row.stamp].map(Number) as [number, number, number]
        return { size, etag: String(row.etag), madeAt, usedAt }
      }),
    async touch(imageId, name, now) {
      await writes.run(() => touch.run(now, imageId, name))
    },
    list: (imageId) => read(() => list.all(imageId).map(toEntry)),
    async forget(entries) {
      await writes.run(() => {
        for (const { imageId, name, stamp, isMade } of entries) forget.run(imageId, name, stamp, Number(isMade))
      })
    },
    listUnused: ({ before, limit }) => read(() => unused.all(before, limit).map(toEntry)),
    listAbandoned: ({ before, limit }) => read(() => abandoned.all(before, limit).map(toEntry)),
  }
}

const toEntry = (row: Record<string, SQLOutputValue>): VariantEntry => ({
  imageId: String(row.image_id),
  name: String(row.name),
  stamp: Number(row.stamp),
  isMade: row.etag !== null,
})

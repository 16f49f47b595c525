import type { AddResult, AlbumImages, AlbumLimits, Held } from '../../ports/album-images.ts'
import { limited, record } from './columns.ts'
import { read } from './failure.ts'
import { live, selectImage, toImage } from './image-record.ts'
import type { SqliteRoom } from './room.ts'

export function createSqliteAlbumImages({ database, writes }: SqliteRoom): AlbumImages {
  const placesOf = database.prepare('SELECT places FROM albums WHERE id = ? AND deleting_since IS NULL')
  const isThere = database.prepare(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM images WHERE id = :id AND deleting_since IS NULL)
       OR EXISTS (SELECT 1 FROM drafts WHERE id = :id)`,
  )
  const placeOf = database.prepare('SELECT position FROM album_images WHERE album_id = ? AND image_id = ?')
  const albumsOf = database.prepare('SELECT album_id AS id FROM album_images WHERE image_id = ?')
  const enter = database.prepare('INSERT INTO album_images (album_id, image_id, position) VALUES (?, ?, ?)')
  const take = database.prepare('DELETE FROM album_images WHERE album_id = ? AND image_id = ?')
  const put = database.prepare('UPDATE album_images SET position = ? WHERE album_id = ? AND image_id = ?')
  const count = database.prepare(
    `UPDATE albums SET places = places + :change, cover_id = iif(cover_id = :gone, NULL, cover_id) WHERE id = :albumId`,
  )
  const ends = database.prepare(
    'SELECT min(position) AS first, max(position) AS last FROM album_images WHERE album_id = ?',
  )
  const next = database.prepare(
    `SELECT image_id AS id, position FROM album_images WHERE album_id = ? AND position > ? ORDER BY position LIMIT 1`,
  )
  const renumber = database.prepare(
    `UPDATE album_images SET position = place.number FROM (
       SELECT image_id, row_number() OVER (ORDER BY position, image_id) AS number FROM album_images WHERE album_id = :id
     ) AS place WHERE album_id = :id AND album_images.image_id = place.image_id`,
  )
  const page = database.prepare(
    `SELECT image_id AS id, position FROM album_images WHERE album_id = :albumId AND position > :after
     ORDER BY position, image_id ${limited}`,
  )
  const find = database.prepare(`${selectImage} WHERE id = ? AND ${live}`)
  const countHeld = database.prepare('SELECT count(*) AS held FROM held_images WHERE album_id = ?')
  const hold = database.prepare(
    `INSERT INTO held_images (album_id, image_id, visibility, held_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
  )
  const held = database.prepare(
    `SELECT image_id AS "imageId", visibility, held_at AS "heldAt" FROM held_images
     WHERE album_id = ? ORDER BY held_at, image_id`,
  )
  const endHold = database.prepare('DELETE FROM held_images WHERE album_id = ? AND image_id = ?')
  const isAnywhere = database.prepare(
    `SELECT 1 WHERE EXISTS (SELECT 1 FROM album_images WHERE image_id = :id)
       OR EXISTS (SELECT 1 FROM held_images WHERE image_id = :id)`,
  )
  const endAllHolds = database.prepare('DELETE FROM held_images WHERE image_id = ?')

  const position = (albumId: string, imageId: string): number | undefined => {
    const row = placeOf.get(albumId, imageId)
    return row && Number(row.position)
  }

  function addNow(albumId: string, imageIds: readonly string[], { max, maxAlbums }: AlbumLimits): AddResult {
    const places = placesOf.get(albumId)?.places
    if (places === undefined) return 'missing'
    const fresh = [...new Set(imageIds)].filter((id) => isThere.get({ id }) && position(albumId, id) === undefined)
    if (fresh.some((id) => albumsOf.all(id).length >= maxAlbums)) return 'in_too_many'
    if (Number(places) + fresh.length > max) return 'full'
    const last = Math.floor(Number(ends.get(albumId)?.last ?? 0))
    for (const [at, id] of fresh.entries()) enter.run(albumId, id, last + at + 1)
    count.run({ albumId, change: fresh.length, gone: null })
    return 'added'
  }

  function takeOut(albumId: string, imageId: string): void {
    if (take.run(albumId, imageId).changes === 1) count.run({ albumId, change: -1, gone: imageId })
  }

  function moveNow(albumId: string, imageId: string, after: string | null): boolean {
    if (placesOf.get(albumId) === undefined || position(albumId, imageId) === undefined) return false
    if (after === imageId) return true
    if (after === null) return put.run(Number(ends.get(albumId)?.first) - 1, albumId, imageId).changes === 1
    const between = roomBehind(albumId, imageId, after)
    return between !== undefined && put.run(between, albumId, imageId).changes === 1
  }

  /** A place between this one and what follows; where the halves have run out, all are numbered anew. */
  function roomBehind(albumId: string, imageId: string, after: string): number | undefined {
    const low = position(albumId, after)
    if (low === undefined) return undefined
    const following = next.get(albumId, low)
    if (!following) return low + 1
    const high = Number(following.position)
    if (following.id === imageId) return high
    const middle = (low + high) / 2
    if (low < middle && middle < high) return middle
    renumber.run({ id: albumId })
    return position(albumId, after)! + 0.5
  }

  return {
    add: (albumId, imageIds, limits) => writes.run(() => addNow(albumId, imageIds, limits)),
    async remove(albumId, imageIds) {
      await writes.run(() => {
        for (const id of imageIds) takeOut(albumId, id)
      })
    },
    move: (albumId, imageId, after) => writes.run(() => moveNow(albumId, imageId, after)),
    list: (albumId, { limit, after = -Number.MAX_VALUE }) =>
      read(() => {
        if (placesOf.get(albumId) === undefined) return { items: [] }
        // One more than asked tells whether there is a next page.
        const rows = page.all({ albumId, after, limit: limit + 1 }).map((row) => record<Place>(row))
        const here = rows.slice(0, limit)
        const items = here.flatMap(({ id }) => toImage(find.get(id)) ?? [])
        const last = here.at(-1)
        return rows.length > limit && last ? { items, next: last.position } : { items }
      }),
    albumsOf: (imageId) => read(() => albumsOf.all(imageId).map((row) => record<Place>(row).id)),
    async leave(imageId) {
      // Every deletion of an image asks, and few are in an album: a look costs nothing, a transaction waits for the disk.
      const isSomewhere = await read(() => isAnywhere.get({ id: imageId }) !== undefined)
      if (!isSomewhere) return
      await writes.run(() => {
        for (const { id } of albumsOf.all(imageId)) takeOut(String(id), imageId)
        endAllHolds.run(imageId)
      })
    },
    hold: (albumId, { imageId, visibility, heldAt }, { max }) =>
      writes.run(() => {
        if (placesOf.get(albumId) === undefined) return 'missing'
        if (Number(countHeld.get(albumId)?.held) >= max) return 'full'
        if (isThere.get({ id: imageId })) hold.run(albumId, imageId, visibility, heldAt)
        return 'added'
      }),
    listHeld: (albumId) => read(() => held.all(albumId).map((row) => record<Held>(row))),
    endHold: (albumId, imageId) => writes.run(() => endHold.run(albumId, imageId).changes === 1),
  }
}

interface Place {
  id: string
  position: number
}

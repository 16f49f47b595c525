import type { Visibility } from '@imagehost/contract/schemas'
import type { Album, AlbumChanges, Albums } from '../../ports/albums.ts'
import { isPlainId } from './keys.ts'
import { rankedPage } from './ranked-page.ts'
import { fieldsOf, listOf, numberOf, type Reply, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/** Back references that are dropped together. */
const batch = 500

/**
 * All of one album is in one slot, and the list of an account's albums in that of its collection. The album itself is the
 * truth about existence; an entry of the list that leads nowhere is dropped where it is met.
 */
export function createRedisAlbums({ connection, keys }: RedisRoom): Albums {
  async function find(id: string): Promise<Album | undefined> {
    if (!isPlainId(id)) return undefined
    return toAlbum(id, await run(connection, read, [keys.album(id), keys.places(id)], []))
  }

  const enlist = (ownerUid: string, id: string, createdAt: number, max: number) =>
    run(connection, enter, [keys.albums(ownerUid)], [id, createdAt, max])

  /** What points here from elsewhere: its images, those that have grants, and its drop links. */
  async function dropReferences(id: string): Promise<void> {
    const drop = (key: string, member: string) => connection.send(key, ['SREM', key, member])
    for (let first = 0; ; first += batch) {
      const range = ['ZRANGE', keys.places(id), String(first), String(first + batch - 1)]
      const imageIds = textsOf(await connection.send(keys.places(id), range))
      await Promise.all(imageIds.map((imageId) => drop(keys.albumsOf(imageId), id)))
      if (imageIds.length < batch) break
    }
    const held = textsOf(await connection.send(keys.held(id), ['HKEYS', keys.held(id)]))
    const uids = textsOf(await connection.send(keys.grants(id), ['HKEYS', keys.grants(id)]))
    const slugs = textsOf(await connection.send(keys.drops(id), ['ZRANGE', keys.drops(id), '0', '-1']))
    await Promise.all([
      ...held.map((imageId) => drop(keys.albumsOf(imageId), `~${id}`)),
      ...uids.map((uid) => connection.send(keys.shared(uid), ['ZREM', keys.shared(uid), id])),
      ...slugs.map((slug) => connection.send(keys.drop(slug), ['DEL', keys.drop(slug)])),
    ])
  }

  return {
    // Into the list first, which counts; then the album; then again, in case somebody met the entry in between.
    async create({ id, ownerUid, createdAt, name, description, visibility }, { max }) {
      if ((await enlist(ownerUid, id, createdAt, max)) !== 1) return false
      const fields = ['owner', ownerUid, 'created', String(createdAt), 'name', name, 'visibility', visibility]
      if (description !== undefined) fields.push('description', description)
      await connection.send(keys.album(id), ['HSET', keys.album(id), ...fields])
      await enlist(ownerUid, id, createdAt, Number.MAX_SAFE_INTEGER)
      return true
    },
    find,
    async update(id, changes) {
      if (!isPlainId(id)) return undefined
      return toAlbum(id, await run(connection, change, [keys.album(id), keys.places(id)], changedFields(changes)))
    },
    async list(ownerUid, { limit, after }) {
      // One more than asked tells whether there is a next page.
      const places = await rankedPage(connection, keys.albums(ownerUid), { limit: limit + 1, after })
      const here = places.slice(0, limit)
      const found = await Promise.all(here.map(({ id }) => find(id)))
      const dead = here.filter((_, at) => !found[at]).map(({ id }) => id)
      if (dead.length > 0) await connection.send(keys.albums(ownerUid), ['ZREM', keys.albums(ownerUid), ...dead])
      const items = found.filter((album) => album !== undefined)
      const next = here.at(-1)
      return places.length > limit && next ? { items, next } : { items }
    },

    // The note first, so that whatever is left is found again.
    async beginDelete(id, now) {
      const album = await find(id)
      if (!album) return false
      const { albumDeletions } = keys
      await connection.send(albumDeletions, ['ZADD', albumDeletions, 'NX', String(now), id])
      const isOurs = (await run(connection, hide, [keys.album(id), keys.albumDeleting(id)], [])) === 1
      await connection.send(keys.albums(album.ownerUid), ['ZREM', keys.albums(album.ownerUid), id])
      return isOurs
    },
    async finishDelete(id) {
      if (!isPlainId(id)) return
      // A crash between the note and the deletion: it was never answered, and the album lives on.
      if (!(await find(id))) {
        await dropReferences(id)
        const all = [keys.albumDeleting(id), keys.places(id), keys.held(id), keys.grants(id), keys.drops(id)]
        await connection.send(keys.places(id), ['DEL', ...all])
      }
      await connection.send(keys.albumDeletions, ['ZREM', keys.albumDeletions, id])
    },
    async listDeletions({ before, limit }) {
      const range = ['ZRANGEBYSCORE', keys.albumDeletions, '-inf', `(${before}`, 'LIMIT', '0', String(limit)]
      return textsOf(await connection.send(keys.albumDeletions, range))
    },
  }
}

function toAlbum(id: string, reply: Reply | undefined): Album | undefined {
  const [stored, places] = listOf(reply)
  const { owner, created, name, description, visibility, cover } = fieldsOf(stored)
  if (owner === undefined) return undefined
  return {
    id,
    ownerUid: owner,
    name: name ?? '',
    visibility: textOf(visibility) as Visibility,
    createdAt: numberOf(created),
    places: numberOf(places),
    ...(description !== undefined && { description }),
    ...(cover !== undefined && { coverId: cover }),
  }
}

/** Names and values in turn; empty takes a thing away. */
function changedFields({ name, description, visibility, coverId }: AlbumChanges): string[] {
  const fields: Record<string, string | null | undefined> = { name, description, visibility, cover: coverId }
  return Object.entries(fields).flatMap(([field, value]) => (value === undefined ? [] : [field, value ?? '']))
}

const read = script(`
return { redis.call('HGETALL', KEYS[1]), redis.call('ZCARD', KEYS[2]) }`)

const enter = script(`
if redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
return redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])`)

const change = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
for i = 1, #ARGV, 2 do
  local field, value = ARGV[i], ARGV[i + 1]
  if value == '' then
    redis.call('HDEL', KEYS[1], field)
  elseif field ~= 'cover' or redis.call('ZSCORE', KEYS[2], value) then
    redis.call('HSET', KEYS[1], field, value)
  end
end
return { redis.call('HGETALL', KEYS[1]), redis.call('ZCARD', KEYS[2]) }`)

const hide = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('RENAME', KEYS[1], KEYS[2])
return 1`)

import type { Visibility } from '@imagehost/contract/schemas'
import type { AddResult, AlbumImages, AlbumLimits, Held } from '../../ports/album-images.ts'
import { imageFields, imageOf } from './image-record.ts'
import { isPlainId } from './keys.ts'
import { fieldsOf, listOf, numberOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * An image and an album are in different slots. What says that one is in the other is the link, which is with the image and
 * can't be made for one that is deleted; the album keeps the order. Whoever changes either looks at the link again afterwards
 * and brings the album to what it says: so both come to say the same, however the steps of two callers mix.
 */
export function createRedisAlbumImages({ connection, keys }: RedisRoom): AlbumImages {
  const album = (id: string) => [keys.album(id), keys.places(id)] as const
  const links = (imageId: string) => [
    keys.albumsOf(imageId),
    keys.image(imageId),
    keys.draft(imageId),
    keys.trashed(imageId),
  ]

  /** 1: new. 0: there already. -1: no such image. -2: in too many. */
  const link = async (imageId: string, member: string, max: number): Promise<number> => {
    const [first = '', ...rest] = links(imageId)
    return numberOf(await run(connection, makeLink, [first, ...rest], [member, max]))
  }
  const unlink = (imageId: string, member: string) =>
    connection.send(keys.albumsOf(imageId), ['SREM', keys.albumsOf(imageId), member])
  const isLinked = async (imageId: string, albumId: string) =>
    (await connection.send(keys.albumsOf(imageId), ['SISMEMBER', keys.albumsOf(imageId), albumId])) === 1
  const linksOf = async (imageId: string) =>
    textsOf(await connection.send(keys.albumsOf(imageId), ['SMEMBERS', keys.albumsOf(imageId)]))

  const enter = async (albumId: string, imageIds: readonly string[], max: number): Promise<AddResult> =>
    enterResults[numberOf(await run(connection, enterAll, album(albumId), [max, ...imageIds]))] ?? 'missing'
  const takeOut = (albumId: string, imageIds: readonly string[]) =>
    run(connection, takeOutAll, album(albumId), imageIds)

  /** Brings the places to what the links say; bounded, in case two callers never come to rest. */
  async function settle(albumId: string, imageIds: readonly string[], max: number): Promise<void> {
    let unsettled = imageIds
    for (let round = 0; round < 4 && unsettled.length > 0; round++) {
      const [placed, ...linked] = await Promise.all([
        connection.send(keys.places(albumId), ['ZMSCORE', keys.places(albumId), ...unsettled]),
        ...unsettled.map((id) => isLinked(id, albumId)),
      ])
      const isPlaced = listOf(placed).map((score) => score !== null)
      const lacking = unsettled.filter((_, at) => linked[at] && !isPlaced[at])
      const surplus = unsettled.filter((_, at) => !linked[at] && isPlaced[at])
      if (surplus.length > 0) await takeOut(albumId, surplus)
      if (lacking.length > 0 && (await enter(albumId, lacking, max)) !== 'added')
        await Promise.all(lacking.map((id) => unlink(id, albumId)))
      unsettled = [...lacking, ...surplus]
    }
  }

  return {
    async add(albumId, imageIds, { max, maxAlbums }: AlbumLimits) {
      const ids = [...new Set(imageIds)].filter(isPlainId)
      if (!isPlainId(albumId) || (await connection.send(keys.album(albumId), ['EXISTS', keys.album(albumId)])) === 0)
        return 'missing'
      const made = await Promise.all(ids.map((id) => link(id, albumId, maxAlbums)))
      const fresh = ids.filter((_, at) => made[at] === 1)
      const known = ids.filter((_, at) => made[at]! >= 0)
      const result = made.includes(-2) ? 'in_too_many' : await enter(albumId, known, max)
      if (result !== 'added') await Promise.all(fresh.map((id) => unlink(id, albumId)))
      await settle(albumId, known, max)
      return result
    },
    async remove(albumId, imageIds) {
      const ids = imageIds.filter(isPlainId)
      if (!isPlainId(albumId) || ids.length === 0) return
      await Promise.all(ids.map((id) => unlink(id, albumId)))
      await takeOut(albumId, ids)
      await settle(albumId, ids, Number.MAX_SAFE_INTEGER)
    },
    async move(albumId, imageId, after) {
      if (!isPlainId(albumId)) return false
      return (await run(connection, movePlace, album(albumId), [imageId, after ?? ''])) === 1
    },
    async list(albumId, { limit, after }) {
      if (!isPlainId(albumId)) return { items: [] }
      const start = after === undefined ? '-inf' : `(${after}`
      // One more than asked tells whether there is a next page.
      const flat = textsOf(await run(connection, page, album(albumId), [start, limit + 1]))
      const places = flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, position: Number(flat[at + 1]) }] : []))
      const here = places.slice(0, limit)
      const found = await Promise.all(
        here.map(async ({ id }) => {
          const record = connection.send(keys.image(id), ['HMGET', keys.image(id), ...imageFields])
          const [isIn, image] = await Promise.all([isLinked(id, albumId), record])
          return isIn ? imageOf(id, image) : undefined
        }),
      )
      const absent = here.filter((_, at) => !found[at]).map(({ id }) => id)
      // In the trash or not committed yet; or a crash has left the place of one that is gone or was taken out.
      if (absent.length > 0) await settle(albumId, absent, Number.MAX_SAFE_INTEGER)
      const items = found.filter((image) => image !== undefined)
      const last = here.at(-1)
      return places.length > limit && last ? { items, next: last.position } : { items }
    },
    async albumsOf(imageId) {
      return isPlainId(imageId) ? (await linksOf(imageId)).filter((member) => !member.startsWith('~')) : []
    },
    // The links last: what dies in between is found again by them.
    async leave(imageId) {
      if (!isPlainId(imageId)) return
      const members = await linksOf(imageId)
      await Promise.all(
        members.map((member) =>
          member.startsWith('~')
            ? connection.send(keys.held(member.slice(1)), ['HDEL', keys.held(member.slice(1)), imageId])
            : takeOut(member, [imageId]),
        ),
      )
      if (members.length > 0) await connection.send(keys.albumsOf(imageId), ['DEL', keys.albumsOf(imageId)])
    },

    async hold(albumId, { imageId, visibility, heldAt }, { max }) {
      if ((await link(imageId, `~${albumId}`, Number.MAX_SAFE_INTEGER)) < 0) return 'added'
      const both = [keys.album(albumId), keys.held(albumId)] as const
      const result = numberOf(await run(connection, holdOne, both, [imageId, `${heldAt} ${visibility}`, max]))
      if (result !== 1) await unlink(imageId, `~${albumId}`)
      return result === 1 ? 'added' : result === 0 ? 'full' : 'missing'
    },
    async listHeld(albumId) {
      const stored = fieldsOf(await connection.send(keys.held(albumId), ['HGETALL', keys.held(albumId)]))
      const held = Object.entries(stored).map(([imageId, value]): Held => {
        const [heldAt, visibility] = value.split(' ')
        return { imageId, visibility: visibility as Visibility, heldAt: Number(heldAt) }
      })
      return held.sort((a, b) => a.heldAt - b.heldAt || (a.imageId < b.imageId ? -1 : 1))
    },
    async endHold(albumId, imageId) {
      const wasHeld = await connection.send(keys.held(albumId), ['HDEL', keys.held(albumId), imageId])
      await unlink(imageId, `~${albumId}`)
      return wasHeld === 1
    },
  }
}

const enterResults: Readonly<Record<number, AddResult>> = { 1: 'added', 0: 'full', [-1]: 'missing' }

const makeLink = script(`
local member, max = ARGV[1], tonumber(ARGV[2])
if redis.call('EXISTS', KEYS[2]) + redis.call('EXISTS', KEYS[3]) + redis.call('EXISTS', KEYS[4]) == 0 then return -1 end
if redis.call('SISMEMBER', KEYS[1], member) == 1 then return 0 end
if redis.call('SCARD', KEYS[1]) >= max then return -2 end
return redis.call('SADD', KEYS[1], member)`)

const enterAll = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
local fresh = {}
for i = 2, #ARGV do
  if not redis.call('ZSCORE', KEYS[2], ARGV[i]) then fresh[#fresh + 1] = ARGV[i] end
end
if #fresh > 0 and redis.call('ZCARD', KEYS[2]) + #fresh > tonumber(ARGV[1]) then return 0 end
local last = redis.call('ZREVRANGE', KEYS[2], 0, 0, 'WITHSCORES')[2]
local position = math.floor(tonumber(last or 0))
for i, id in ipairs(fresh) do redis.call('ZADD', KEYS[2], position + i, id) end
return 1`)

const takeOutAll = script(`
local cover = redis.call('HGET', KEYS[1], 'cover')
for _, id in ipairs(ARGV) do
  redis.call('ZREM', KEYS[2], id)
  if cover == id then redis.call('HDEL', KEYS[1], 'cover') end
end
return 1`)

/** Between two places; where the halves have run out, all are numbered anew. */
const movePlace = script(`
local id, after = ARGV[1], ARGV[2]
local function place(image) return tonumber(redis.call('ZSCORE', KEYS[2], image) or nil) end
if redis.call('EXISTS', KEYS[1]) == 0 or not place(id) then return 0 end
if after == id then return 1 end
if after == '' then
  local first = redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES')
  redis.call('ZADD', KEYS[2], tonumber(first[2]) - 1, id)
  return 1
end
local low = place(after)
if not low then return 0 end
local rank = redis.call('ZRANK', KEYS[2], after) + 1
local following = redis.call('ZRANGE', KEYS[2], rank, rank, 'WITHSCORES')
if following[1] == id then return 1 end
local middle = low + 1
if following[1] then
  local high = tonumber(following[2])
  middle = (low + high) / 2
  if middle <= low or middle >= high then
    for i, image in ipairs(redis.call('ZRANGE', KEYS[2], 0, -1)) do redis.call('ZADD', KEYS[2], i, image) end
    middle = place(after) + 0.5
  end
end
redis.call('ZADD', KEYS[2], middle, id)
return 1`)

const page = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return {} end
return redis.call('ZRANGEBYSCORE', KEYS[2], ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])`)

const holdOne = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 and redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return 1`)

import type { ImagePosition, ImageRecord, Usage } from '../../ports/images.ts'
import { imageFieldsInLua, sourceStart } from './image-record.ts'
import { fieldsOf, listOf, numberOf, type Reply, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/** What the collection of an account has to know of an image. */
export interface ListedImage {
  id: string
  ownerUid: string
  createdAt: number
  size: number
  /** See `sourceStart`; empty if the received bytes are not known. */
  source: string
}

export const listedImage = ({ id, ownerUid, createdAt, size = 0, sourceSha256 }: ImageRecord): ListedImage => ({
  id,
  ownerUid,
  createdAt,
  size,
  source: sourceStart(sourceSha256),
})

/**
 * One account's collection: its list, its bytes, its reservations. All of it is in one hash slot, so each method is one
 * atomic step. The reservation of a draft is the ticket by which it enters the list: it is spent once, by `enlist`, `delist`
 * or `drop`, whichever comes first. So repeating is harmless, and an image that is deleted while its commit is under way
 * is not listed afterwards.
 */
export function createCollection({ connection, keys }: RedisRoom) {
  return {
    async reserve(uid: string, id: string, reservation: Reservation): Promise<ReserveResult> {
      const { now, expiresAt, bytes, maxDrafts, maxBytes, maxImages, isNew } = reservation
      const limits = [maxDrafts ?? -1, maxBytes ?? -1, maxImages ?? -1]
      const answer = await run(
        connection,
        reserve,
        [keys.reserved(uid), keys.listed(uid), keys.bytes(uid)],
        [id, now, expiresAt, bytes, ...limits, isNew ? 1 : 0, garbageAfterSeconds],
      )
      return reserveResults[numberOf(answer)] ?? 'gone'
    },

    /** Frees a reservation. */
    async drop(uid: string, id: string): Promise<void> {
      await connection.send(keys.reserved(uid), ['HDEL', keys.reserved(uid), id])
    },

    /** Ids of drafts that are not ended. */
    async reserved(uid: string): Promise<Reserved[]> {
      const fields = fieldsOf(await connection.send(keys.reserved(uid), ['HGETALL', keys.reserved(uid)]))
      return Object.entries(fields).map(([id, reservation]) => {
        const [bytes = 0, expiresAt = 0] = reservation.split(' ').map(Number)
        return { id, bytes, expiresAt }
      })
    },

    /** Lists and counts an image, once. */
    async enlist({ ownerUid: uid, id, createdAt, size, source }: ListedImage): Promise<void> {
      const all = [keys.reserved(uid), keys.listed(uid), keys.bytes(uid), keys.sources(uid)] as const
      await run(connection, enlist, all, [id, createdAt, size, source])
    },

    /** Unlists an image and subtracts it, once. */
    async delist({ ownerUid: uid, id, size, source }: ListedImage): Promise<void> {
      const all = [keys.reserved(uid), keys.listed(uid), keys.bytes(uid), keys.sources(uid)] as const
      await run(connection, delist, all, [id, size, source])
    },

    /** Counts bytes that were found later; sums commute, so it does not matter whether a deletion came in between. */
    async adjust(uid: string, id: string, bytes: number, source: string): Promise<void> {
      await run(connection, adjust, [keys.listed(uid), keys.bytes(uid), keys.sources(uid)], [id, bytes, source])
    },

    /**
     * Ids with their times, newest first; with the records behind them in the same answer, unless this is a Cluster, where
     * those are in other slots.
     */
    async page(uid: string, limit: number, after: ImagePosition | undefined): Promise<CollectionPage> {
      const prefix = connection.isCluster ? '' : keys.image('')
      const place = after ? [after.createdAt, after.id] : []
      const [rows, records] = listOf(await run(connection, page, [keys.listed(uid)], [limit, prefix, ...place]))
      const flat = textsOf(rows)
      const places: ImagePosition[] = []
      for (let at = 0; at + 1 < flat.length; at += 2) places.push({ id: flat[at]!, createdAt: numberOf(flat[at + 1]) })
      return connection.isCluster ? { places } : { places, records: listOf(records) }
    },

    /** Ids of images whose received bytes may have had this hash. */
    async withSource(uid: string, source: string): Promise<string[]> {
      const key = keys.sources(uid)
      const range = ['ZRANGEBYLEX', key, `[${source}:`, `[${source};`, 'LIMIT', '0', String(maxSameSource)]
      return textsOf(await connection.send(key, range)).map((member) => member.slice(source.length + 1))
    },

    async usage(uid: string): Promise<Usage> {
      const [images, bytes] = await Promise.all([
        connection.send(keys.listed(uid), ['ZCARD', keys.listed(uid)]),
        connection.send(keys.bytes(uid), ['GET', keys.bytes(uid)]),
      ])
      return { images: numberOf(images), bytes: Math.max(0, numberOf(bytes)) }
    },
  }
}

export interface CollectionPage {
  places: ImagePosition[]
  /** Values of `imageFields`, in the order of the places. */
  records?: Reply[]
}

/** What a draft holds of its account's quota; `expiresAt` in Unix seconds. */
export interface Reserved {
  id: string
  bytes: number
  expiresAt: number
}

export type Collection = ReturnType<typeof createCollection>

export interface Reservation {
  /** Unix seconds, as all times here. */
  now: number
  expiresAt: number
  bytes: number
  maxDrafts?: number
  maxBytes?: number
  maxImages?: number
  /** A first reservation; otherwise only one that is there is replaced. */
  isNew: boolean
}

const reserveResults = ['created', 'too_many_drafts', 'quota_exceeded', 'gone'] as const

export type ReserveResult = (typeof reserveResults)[number]

/** Of several equal images one will do; the deleted ones among them are few. */
const maxSameSource = 8

/**
 * Reservations that nobody can spend any more: their drafts are gone since a day (see `draftGraceSeconds`). Until then even
 * an expired one is kept, since it is the ticket of its draft.
 */
const garbageAfterSeconds = 2 * 86_400

/** At most `maxDrafts` live reservations are looked at, and those of the last days that nobody swept. */
const reserve = script(`
local id, now, expires, bytes = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])
local max_drafts, max_bytes, max_images = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])
if ARGV[8] == '0' and redis.call('HEXISTS', KEYS[1], id) == 0 then return 3 end
local all, drafts, held = redis.call('HGETALL', KEYS[1]), 0, tonumber(redis.call('GET', KEYS[3]) or 0)
for i = 1, #all, 2 do
  local reserved, until_ = all[i + 1]:match('^(%d+) (%d+)$')
  if tonumber(until_) + tonumber(ARGV[9]) < now then
    redis.call('HDEL', KEYS[1], all[i])
  elseif all[i] ~= id and tonumber(until_) >= now then
    drafts = drafts + 1
    held = held + tonumber(reserved)
  end
end
if max_drafts >= 0 and drafts >= max_drafts then return 1 end
if max_bytes >= 0 and held + bytes > max_bytes then return 2 end
if max_images >= 0 and redis.call('ZCARD', KEYS[2]) + drafts >= max_images then return 2 end
redis.call('HSET', KEYS[1], id, ARGV[4] .. ' ' .. expires)
return 0`)

const enlist = script(`
local id, created, size, source = unpack(ARGV)
if redis.call('HDEL', KEYS[1], id) == 0 then return 0 end
redis.call('ZADD', KEYS[2], created, id)
redis.call('INCRBY', KEYS[3], size)
if source ~= '' then redis.call('ZADD', KEYS[4], 0, source .. ':' .. id) end
return 1`)

const delist = script(`
local id, size, source = unpack(ARGV)
redis.call('HDEL', KEYS[1], id)
if redis.call('ZREM', KEYS[2], id) == 0 then return 0 end
-- Nothing is kept of somebody who holds nothing.
if redis.call('DECRBY', KEYS[3], size) == 0 then redis.call('DEL', KEYS[3]) end
if source ~= '' then redis.call('ZREM', KEYS[4], source .. ':' .. id) end
return 1`)

const adjust = script(`
local id, bytes, source = unpack(ARGV)
redis.call('INCRBY', KEYS[2], bytes)
if source ~= '' and redis.call('ZSCORE', KEYS[1], id) then redis.call('ZADD', KEYS[3], 0, source .. ':' .. id) end
return 1`)

/**
 * The place in the list by rank, so that a page costs the same anywhere and among any number of equal times. An image that
 * was deleted since stands in for a moment that nobody sees.
 */
const page = script(`
local limit, prefix, created, id = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4]
local first, score, moved = 0
if id then
  score = redis.call('ZSCORE', KEYS[1], id)
  moved = not score or tonumber(score) ~= tonumber(created)
  if moved then redis.call('ZADD', KEYS[1], created, id) end
  first = redis.call('ZREVRANK', KEYS[1], id) + 1
end
local rows = redis.call('ZREVRANGE', KEYS[1], first, first + limit - 1, 'WITHSCORES')
if moved and score then redis.call('ZADD', KEYS[1], score, id) end
if moved and not score then redis.call('ZREM', KEYS[1], id) end
local records = {}
if prefix ~= '' then
  for i = 1, #rows, 2 do records[#records + 1] = redis.call('HMGET', prefix .. rows[i], ${imageFieldsInLua}) end
end
return { rows, records }`)

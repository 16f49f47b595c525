import { datedAt } from '../../ports/image-terms.ts'
import type { ImagePosition, ImageRecord, Usage } from '../../ports/images.ts'
import { sourceStart } from './image-record.ts'
import { rankedPage } from './ranked-page.ts'
import { fieldsOf, numberOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'
import { termMembers } from './term-member.ts'

/** What the collection of an account has to know of an image. */
interface ListedImage {
  id: string
  ownerUid: string
  createdAt: number
  size: number
  /** See `datedAt`. */
  datedAt: number
  /** See `sourceStart`; empty if the received bytes are not known. */
  source: string
  /** See `termMembers`. */
  terms: readonly string[]
  trashedAt?: number
}

export const listedImage = (image: ImageRecord): ListedImage => ({
  id: image.id,
  ownerUid: image.ownerUid,
  createdAt: image.createdAt,
  size: image.size ?? 0,
  datedAt: datedAt(image),
  source: sourceStart(image.sourceSha256),
  terms: termMembers(image),
  ...(image.trashedAt !== undefined && { trashedAt: image.trashedAt }),
})

/**
 * One account's collection: its list, its bytes, its reservations. All of it is in one hash slot, so each method is one
 * atomic step. The reservation of a draft is the ticket by which it enters the list: it is spent once, by `enlist`, `delist`
 * or `drop`, whichever comes first. So repeating is harmless, and an image that is deleted while its commit is under way
 * is not listed afterwards.
 */
export function createCollection({ connection, keys }: RedisRoom) {
  const allKeys = (uid: string) =>
    [
      keys.reserved(uid),
      keys.listed(uid),
      keys.bytes(uid),
      keys.sources(uid),
      keys.dates(uid),
      keys.terms(uid),
      keys.trash(uid),
    ] as const

  return {
    async reserve(uid: string, id: string, reservation: Reservation): Promise<ReserveResult> {
      const { now, expiresAt, bytes, maxDrafts, maxBytes, maxImages, isNew } = reservation
      const limits = [maxDrafts ?? -1, maxBytes ?? -1, maxImages ?? -1]
      const answer = await run(
        connection,
        reserve,
        [keys.reserved(uid), keys.listed(uid), keys.bytes(uid), keys.trash(uid)],
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
    async enlist(image: ListedImage): Promise<void> {
      await run(connection, enlist, allKeys(image.ownerUid), valuesOf(image))
    },

    /** Unlists an image, wherever it is, and subtracts it, once. */
    async delist(image: ListedImage): Promise<void> {
      await run(connection, delist, allKeys(image.ownerUid), valuesOf(image))
    },

    /** From the list into the trash, once; counted as before. */
    async shelve(image: ListedImage): Promise<void> {
      await run(connection, shelve, allKeys(image.ownerUid), valuesOf(image))
    },

    /** From the trash back into the list, once. */
    async unshelve(image: ListedImage): Promise<void> {
      await run(connection, unshelve, allKeys(image.ownerUid), valuesOf(image))
    },

    /** Enters a listed image wherever it is found. */
    async enter(image: ListedImage): Promise<void> {
      await run(connection, enter, allKeys(image.ownerUid), valuesOf(image))
    },

    /** Takes back terms that an image has no longer. */
    async dropTerms(uid: string, terms: readonly string[]): Promise<void> {
      if (terms.length > 0) await connection.send(keys.terms(uid), ['ZREM', keys.terms(uid), ...terms])
    },

    /** Ids in the trash with their times, those that came last first. */
    trash: (uid: string, page: { limit: number; after?: ImagePosition }): Promise<ImagePosition[]> =>
      rankedPage(connection, keys.trash(uid), page),

    /** Counts bytes that were found later; sums commute, so it does not matter whether a deletion came in between. */
    async adjust(uid: string, id: string, bytes: number, source: string): Promise<void> {
      await run(connection, adjust, [keys.listed(uid), keys.bytes(uid), keys.sources(uid)], [id, bytes, source])
    },

    /** Ids of images whose received bytes may have had this hash. */
    async withSource(uid: string, source: string): Promise<string[]> {
      const key = keys.sources(uid)
      const range = ['ZRANGEBYLEX', key, `[${source}:`, `[${source};`, 'LIMIT', '0', String(maxSameSource)]
      return textsOf(await connection.send(key, range)).map((member) => member.slice(source.length + 1))
    },

    async usage(uid: string): Promise<Usage> {
      const [images, trashed, bytes] = await Promise.all([
        connection.send(keys.listed(uid), ['ZCARD', keys.listed(uid)]),
        connection.send(keys.trash(uid), ['ZCARD', keys.trash(uid)]),
        connection.send(keys.bytes(uid), ['GET', keys.bytes(uid)]),
      ])
      return { images: numberOf(images) + numberOf(trashed), bytes: Math.max(0, numberOf(bytes)) }
    },
  }
}

/** What a draft holds of its account's quota; `expiresAt` in Unix seconds. */
interface Reserved {
  id: string
  bytes: number
  expiresAt: number
}

export type Collection = ReturnType<typeof createCollection>

interface Reservation {
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

type ReserveResult = (typeof reserveResults)[number]

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
if max_images >= 0 and redis.call('ZCARD', KEYS[2]) + redis.call('ZCARD', KEYS[4]) + drafts >= max_images then return 2 end
redis.call('HSET', KEYS[1], id, ARGV[4] .. ' ' .. expires)
return 0`)

/** The values of every script on `allKeys`, in this order. */
const valuesOf = ({ id, createdAt, size, source, datedAt, trashedAt, terms }: ListedImage) => [
  ...[id, createdAt, size, source, datedAt, trashedAt ?? 0],
  ...terms,
]

/** What scripts on `allKeys` have in common: entering and leaving all that an image is found by. */
const found = `
local id, created, size, source, dated, trashed = ARGV[1], ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local function enter()
  redis.call('ZADD', KEYS[5], dated, id)
  if source ~= '' then redis.call('ZADD', KEYS[4], 0, source .. ':' .. id) end
  for i = 7, #ARGV do redis.call('ZADD', KEYS[6], 0, ARGV[i]) end
end
local function leave()
  redis.call('ZREM', KEYS[5], id)
  if source ~= '' then redis.call('ZREM', KEYS[4], source .. ':' .. id) end
  for i = 7, #ARGV do redis.call('ZREM', KEYS[6], ARGV[i]) end
end
`

const enlist = script(`${found}
if redis.call('HDEL', KEYS[1], id) == 0 then return 0 end
redis.call('ZADD', KEYS[2], created, id)
redis.call('INCRBY', KEYS[3], size)
enter()
return 1`)

const delist = script(`${found}
redis.call('HDEL', KEYS[1], id)
leave()
if redis.call('ZREM', KEYS[2], id) + redis.call('ZREM', KEYS[7], id) == 0 then return 0 end
-- Nothing is kept of somebody who holds nothing.
if redis.call('DECRBY', KEYS[3], size) == 0 then redis.call('DEL', KEYS[3]) end
return 1`)

/** Also where the commit died before it listed the image. */
const shelve = script(`${found}
local isNew = redis.call('HDEL', KEYS[1], id)
if isNew == 1 then redis.call('INCRBY', KEYS[3], size) end
leave()
if redis.call('ZREM', KEYS[2], id) + isNew == 0 then return 0 end
redis.call('ZADD', KEYS[7], trashed, id)
return 1`)

const unshelve = script(`${found}
if redis.call('ZREM', KEYS[7], id) == 0 then return 0 end
redis.call('ZADD', KEYS[2], created, id)
enter()
return 1`)

const enter = script(`${found}
if not redis.call('ZSCORE', KEYS[2], id) then return 0 end
enter()
return 1`)

const adjust = script(`
local id, bytes, source = unpack(ARGV)
redis.call('INCRBY', KEYS[2], bytes)
if source ~= '' and redis.call('ZSCORE', KEYS[1], id) then redis.call('ZADD', KEYS[3], 0, source .. ':' .. id) end
return 1`)

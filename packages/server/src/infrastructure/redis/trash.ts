import type { ImageRecord } from '../../ports/images.ts'
import type { Trash } from '../../ports/trash.ts'
import { type Collection, listedImage } from './collection.ts'
import { imageFields, imageFieldsInLua, imageOf } from './image-record.ts'
import type { Journal } from './journal.ts'
import { isPlainId } from './keys.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * The record goes first, under another key of its slot; its owner's collection follows. Whoever changes the collection looks
 * at the record again afterwards, and puts right what somebody else did meanwhile: so it comes to say what the record says,
 * however the steps of two callers mix.
 */
export function createRedisTrash({
  connection,
  keys,
  collection,
  journal,
}: RedisRoom & { collection: Collection; journal: Journal }): Trash {
  const read = async (key: string, id: string): Promise<ImageRecord | undefined> =>
    imageOf(id, await connection.send(key, ['HMGET', key, ...imageFields]))

  const find = async (id: string) => (isPlainId(id) ? read(keys.trashed(id), id) : undefined)
  const findLive = (id: string) => read(keys.image(id), id)

  /** Brings the collection to what the record says; bounded, in case two callers never come to rest. */
  async function settle(id: string): Promise<void> {
    for (let round = 0; round < 4; round++) {
      const [trashed, image] = await Promise.all([find(id), findLive(id)])
      if (trashed) await collection.shelve(listedImage(trashed))
      else if (image) await collection.unshelve(listedImage(image))
      const [still, again] = await Promise.all([find(id), findLive(id)])
      if (Boolean(trashed) === Boolean(still) && Boolean(image) === Boolean(again)) return
    }
  }

  const both = (id: string) => [keys.image(id), keys.trashed(id)] as const

  return {
    async put(id, now, nextKey) {
      if (!isPlainId(id)) return undefined
      const [image, there] = await Promise.all([findLive(id), find(id)])
      if (!image && !there) return undefined
      // An entry too many is dropped when it is due, one too few would be found by nobody.
      if (image) await Promise.all([journal.beginMove(id, now), journal.enterTrash(id, now)])
      const trashed = imageOf(id, await run(connection, put, both(id), [now, nextKey]))
      await settle(id)
      return trashed
    },
    find,
    async list(ownerUid, { limit, after }) {
      // One more than asked tells whether there is a next page.
      const places = await collection.trash(ownerUid, { limit: limit + 1, ...(after && { after }) })
      const here = places.slice(0, limit)
      const items = (await Promise.all(here.map(({ id }) => find(id)))).filter((image) => image !== undefined)
      const next = here.at(-1)
      return places.length > limit && next ? { items, next } : { items }
    },
    async restore(id) {
      if (!isPlainId(id)) return undefined
      const image = imageOf(id, await run(connection, restore, both(id), []))
      await settle(id)
      if (image) await connection.send(keys.inTrash, ['ZREM', keys.inTrash, id])
      return image
    },
    async changeKey(id, nextKey) {
      if (!isPlainId(id)) return undefined
      return imageOf(id, await run(connection, changeKey, both(id), [id, nextKey]))
    },
    async finishMove(id, formerKey) {
      if (isPlainId(id) && (await run(connection, leaveKey, both(id), [formerKey])) === 1) await journal.endMove(id)
    },
    async listMoves(page) {
      const ids = await journal.listMoves(page)
      const images = await Promise.all(ids.map(async (id) => (await find(id)) ?? findLive(id)))
      // A note of a move that was never begun, or whose image is deleted.
      await Promise.all(ids.map((id, at) => isMoving(images[at]) || journal.endMove(id)))
      return images.filter((image) => image !== undefined).filter(isMoving)
    },
    async listDue(page) {
      const ids = await journal.listTrash(page)
      const images = await Promise.all(ids.map(find))
      await Promise.all(ids.map((id, at) => images[at] ?? journal.leaveTrash(id)))
      return ids.filter((_, at) => images[at] !== undefined)
    },
  }
}

/** Into the trash, unless it is there; answers with the record there. */
const put = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then
  local ours = cjson.decode(redis.call('HGET', KEYS[1], 'ours') or '{}')
  ours.tr = tonumber(ARGV[1])
  ours.nk = ARGV[2]
  redis.call('HSET', KEYS[1], 'ours', cjson.encode(ours))
  redis.call('RENAME', KEYS[1], KEYS[2])
end
return redis.call('HMGET', KEYS[2], ${imageFieldsInLua})`)

const restore = script(`
if redis.call('EXISTS', KEYS[2]) == 0 then return {} end
local ours = cjson.decode(redis.call('HGET', KEYS[2], 'ours') or '{}')
ours.tr = nil
redis.call('HSET', KEYS[2], 'ours', next(ours) and cjson.encode(ours) or '{}')
redis.call('RENAME', KEYS[2], KEYS[1])
return redis.call('HMGET', KEYS[1], ${imageFieldsInLua})`)

/** Of the image, wherever it is: its hash, and ours in it. */
const held = `
local at = redis.call('EXISTS', KEYS[1]) == 1 and KEYS[1] or redis.call('EXISTS', KEYS[2]) == 1 and KEYS[2]
if not at then return nil end
local ours = cjson.decode(redis.call('HGET', at, 'ours') or '{}')
`

/** Where the key is the usual one, it is made of the file name and not stored. */
const changeKey = script(`${held}
if ours.nk ~= ARGV[2] then return {} end
local record = redis.call('HMGET', at, 'key', 'owner_uid', 'filename')
ours.fk = record[1] or 'uploads/' .. record[2] .. '/' .. ARGV[1] .. '/' .. record[3]
ours.nk = nil
redis.call('HSET', at, 'key', ARGV[2], 'ours', cjson.encode(ours))
return redis.call('HMGET', at, ${imageFieldsInLua})`)

const leaveKey = script(`${held}
if ours.fk ~= ARGV[1] then return 0 end
ours.fk = nil
redis.call('HSET', at, 'ours', next(ours) and cjson.encode(ours) or '{}')
return 1`)

const isMoving = (image: ImageRecord | undefined): boolean =>
  image?.nextKey !== undefined || image?.formerKey !== undefined

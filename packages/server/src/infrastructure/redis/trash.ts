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
    async put(id, now) {
      if (!isPlainId(id)) return undefined
      const [image, there] = await Promise.all([findLive(id), find(id)])
      if (!image && !there) return undefined
      // An entry too many is dropped when it is due, one too few would be found by nobody.
      if (image) await Promise.all([journal.beginMove(id, now), journal.enterTrash(id, now)])
      const trashed = imageOf(id, await run(connection, put, both(id), [now]))
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
    async beginRestore(id, now) {
      const image = await find(id)
      if (image) await journal.beginMove(id, now)
      return image
    },
    async restore(id) {
      if (!isPlainId(id)) return undefined
      const image = imageOf(id, await run(connection, restore, both(id), []))
      await settle(id)
      if (image) await connection.send(keys.inTrash, ['ZREM', keys.inTrash, id])
      return image
    },
    finishMove: journal.endMove,
    listMoves: journal.listMoves,
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

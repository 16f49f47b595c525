import type { Share, ShareSubject, Shares } from '../../ports/shares.ts'
import { isPlainId } from './keys.ts'
import { createLimitedLinks } from './limited-links.ts'
import { rankedPage } from './ranked-page.ts'
import { listOf as itemsOf, numberOf, type Reply, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * A share has a slot of its own, so that counting an opening is one step; its image or album and its owner know it. An entry of
 * theirs that leads nowhere is dropped where it is met.
 */
export function createRedisShares({ connection, keys }: RedisRoom): Shares {
  const links = createLimitedLinks({ connection })

  async function find(slug: string): Promise<Share | undefined> {
    if (!isPlainId(slug)) return undefined
    return toShare(await connection.send(keys.share(slug), ['HMGET', keys.share(slug), ...shareFields]))
  }

  /** Undefined for an id that is none of ours. */
  function keysOf({ imageId, albumId }: ShareSubject): { owner: string; list: string } | undefined {
    if (albumId === undefined) {
      return isPlainId(imageId) ? { owner: keys.image(imageId), list: keys.shares(imageId) } : undefined
    }
    return isPlainId(albumId) ? { owner: keys.album(albumId), list: keys.albumShares(albumId) } : undefined
  }

  async function leaveLists(share: Share): Promise<void> {
    const { list } = keysOf(share)!
    const own = keys.sharesOf(share.ownerUid)
    await connection.send(list, ['ZREM', list, share.slug])
    await connection.send(own, ['ZREM', own, share.slug])
  }

  async function remove(slug: string): Promise<boolean> {
    const share = await find(slug)
    if (!share) return false
    const removed = await connection.send(keys.share(slug), ['DEL', keys.share(slug)])
    await leaveLists(share)
    return removed === 1
  }

  async function drop(key: string, dead: readonly string[]): Promise<void> {
    if (dead.length > 0) await connection.send(key, ['ZREM', key, ...dead])
  }

  return {
    // Into the lists first, of which that of the subject counts; then the share; then again, in case somebody met an entry in
    // between.
    async create({ views = 0, lastUsedAt, ...share }, { max }) {
      const { ownerUid, slug, createdAt } = share
      const lists = keysOf(share)
      if (!lists) return 'missing'
      const result = numberOf(await links.enlist(lists, { slug, createdAt }, max))
      if (result !== 1) return result === 0 ? 'full' : 'missing'
      const fields = ['share', JSON.stringify(share), 'views', String(views)]
      if (lastUsedAt !== undefined) fields.push('used', String(lastUsedAt))
      await connection.send(keys.share(slug), ['HSET', keys.share(slug), ...fields])
      const own = keys.sharesOf(ownerUid)
      await connection.send(own, ['ZADD', own, String(createdAt), slug])
      if (numberOf(await links.enlist(lists, { slug, createdAt }, Number.MAX_SAFE_INTEGER)) === 1) return 'created'
      // The image or album went in this moment, and its shares with it.
      await remove(slug)
      return 'missing'
    },
    find,
    async list(subject) {
      const key = keysOf(subject)?.list
      if (key === undefined) return []
      const slugs = textsOf(await connection.send(key, ['ZRANGE', key, '0', '-1']))
      const found = await Promise.all(slugs.map(find))
      await drop(
        key,
        slugs.filter((_, at) => !found[at]),
      )
      return found.filter((share) => share !== undefined)
    },
    async listOf(ownerUid, { limit, after }) {
      const key = keys.sharesOf(ownerUid)
      // One more than asked tells whether there is a next page.
      const places = await rankedPage(connection, key, { limit: limit + 1, after })
      const here = places.slice(0, limit)
      const found = await Promise.all(here.map(({ id }) => find(id)))
      await drop(
        key,
        here.filter((_, at) => !found[at]).map(({ id }) => id),
      )
      const items = found.filter((share) => share !== undefined)
      const next = here.at(-1)
      return places.length > limit && next ? { items, next } : { items }
    },
    async update(slug, changes) {
      if (!isPlainId(slug)) return undefined
      return toShare(await links.change(keys.share(slug), changes, shareFields))
    },
    delete: remove,
    async deleteAll(subject) {
      const key = keysOf(subject)?.list
      if (key === undefined) return
      const slugs = textsOf(await connection.send(key, ['ZRANGE', key, '0', '-1']))
      await Promise.all(slugs.map(remove))
      await drop(key, slugs)
    },
    async consumeView(slug, now) {
      if (!isPlainId(slug)) return 'gone'
      return consumeResults[numberOf(await run(connection, consume, [keys.share(slug)], [now]))] ?? 'gone'
    },
  }
}

const shareFields = ['share', 'views', 'used'] as const

function toShare(reply: Reply | undefined): Share | undefined {
  const [stored, views, used] = itemsOf(reply)
  const json = textOf(stored)
  if (json === undefined) return undefined
  const lastUsedAt = textOf(used)
  return {
    ...JSON.parse(json),
    views: numberOf(views),
    ...(lastUsedAt !== undefined && { lastUsedAt: Number(lastUsedAt) }),
  }
}

const consumeResults = ['gone', 'opened', 'ended'] as const

const consume = script(`
local stored = redis.call('HMGET', KEYS[1], 'share', 'views')
if not stored[1] then return 0 end
local share = cjson.decode(stored[1])
if share.expiresAt and share.expiresAt <= tonumber(ARGV[1]) then return 2 end
if share.maxViews and tonumber(stored[2]) >= share.maxViews then return 2 end
redis.call('HINCRBY', KEYS[1], 'views', 1)
redis.call('HSET', KEYS[1], 'used', ARGV[1])
return 1`)

import type { Drop, Drops } from '../../ports/drops.ts'
import { isPlainId } from './keys.ts'
import { createLimitedLinks } from './limited-links.ts'
import { listOf, numberOf, type Reply, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * A link has a slot of its own, so that counting a file is one step, and its album knows it. An entry of the album that leads
 * nowhere is dropped where it is met.
 */
export function createRedisDrops({ connection, keys }: RedisRoom): Drops {
  const links = createLimitedLinks({ connection })

  async function find(slug: string): Promise<Drop | undefined> {
    if (!isPlainId(slug)) return undefined
    return toDrop(await connection.send(keys.drop(slug), ['HMGET', keys.drop(slug), ...dropFields]))
  }

  const enlist = (albumId: string, slug: string, createdAt: number, max: number) =>
    links.enlist({ owner: keys.album(albumId), list: keys.drops(albumId) }, { slug, createdAt }, max)

  return {
    // Known to the album first, which counts; then the link; then again, in case somebody met the entry in between.
    async create({ files = 0, bytes = 0, ...drop }, { max }) {
      const { albumId, slug, createdAt } = drop
      if (!isPlainId(albumId)) return 'missing'
      const result = numberOf(await enlist(albumId, slug, createdAt, max))
      if (result !== 1) return result === 0 ? 'full' : 'missing'
      const fields = ['drop', JSON.stringify(drop), 'files', String(files), 'bytes', String(bytes)]
      await connection.send(keys.drop(slug), ['HSET', keys.drop(slug), ...fields])
      if (numberOf(await enlist(albumId, slug, createdAt, Number.MAX_SAFE_INTEGER)) === 1) return 'created'
      // The album went in this moment, and its links with it.
      await connection.send(keys.drop(slug), ['DEL', keys.drop(slug)])
      return 'missing'
    },
    find,
    async list(albumId) {
      if (!isPlainId(albumId)) return []
      const key = keys.drops(albumId)
      const slugs = textsOf(await connection.send(key, ['ZRANGE', key, '0', '-1']))
      const found = await Promise.all(slugs.map(find))
      const dead = slugs.filter((_, at) => !found[at])
      if (dead.length > 0) await connection.send(key, ['ZREM', key, ...dead])
      return found.filter((drop) => drop !== undefined)
    },
    async update(slug, changes) {
      if (!isPlainId(slug)) return undefined
      return toDrop(await links.change(keys.drop(slug), changes, dropFields))
    },
    async delete(slug) {
      const drop = await find(slug)
      if (!drop) return false
      const removed = await connection.send(keys.drop(slug), ['DEL', keys.drop(slug)])
      await connection.send(keys.drops(drop.albumId), ['ZREM', keys.drops(drop.albumId), slug])
      return removed === 1
    },
    async take(slug, { ticket, bytes, now }) {
      if (!isPlainId(slug)) return 'gone'
      return takeResults[numberOf(await run(connection, take, [keys.drop(slug)], [ticket, bytes, now]))] ?? 'gone'
    },
    async giveBack(slug, ticket) {
      await run(connection, giveBack, [keys.drop(slug)], [ticket])
    },
    async keep(slug, ticket) {
      await connection.send(keys.drop(slug), ['HDEL', keys.drop(slug), `@${ticket}`])
    },
  }
}

const dropFields = ['drop', 'files', 'bytes'] as const

function toDrop(reply: Reply | undefined): Drop | undefined {
  const [stored, files, bytes] = listOf(reply)
  const json = textOf(stored)
  return json === undefined ? undefined : { ...JSON.parse(json), files: numberOf(files), bytes: numberOf(bytes) }
}

const takeResults = ['gone', 'taken', 'full'] as const

const take = script(`
local stored = redis.call('HMGET', KEYS[1], 'drop', 'files', 'bytes')
if not stored[1] then return 0 end
local drop, more = cjson.decode(stored[1]), tonumber(ARGV[2])
if drop.expiresAt and drop.expiresAt <= tonumber(ARGV[3]) then return 0 end
if drop.maxFiles and tonumber(stored[2]) + 1 > drop.maxFiles then return 2 end
if drop.maxBytes and tonumber(stored[3]) + more > drop.maxBytes then return 2 end
redis.call('HINCRBY', KEYS[1], 'files', 1)
redis.call('HINCRBY', KEYS[1], 'bytes', more)
redis.call('HSET', KEYS[1], '@' .. ARGV[1], more)
return 1`)

const giveBack = script(`
local bytes = redis.call('HGET', KEYS[1], '@' .. ARGV[1])
if not bytes then return 0 end
redis.call('HDEL', KEYS[1], '@' .. ARGV[1])
redis.call('HINCRBY', KEYS[1], 'files', -1)
return redis.call('HINCRBY', KEYS[1], 'bytes', -tonumber(bytes))`)

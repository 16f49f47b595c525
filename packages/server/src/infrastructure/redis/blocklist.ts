import type { BlockedSource, Blocklist } from '../../ports/blocklist.ts'
import { textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'
import { timelineMember, timelinePage } from './timeline.ts'

export function createRedisBlocklist({ connection, keys }: RedisRoom): Blocklist {
  const all = [keys.blocked, keys.blockedOrder] as const

  async function find(sha256: string): Promise<BlockedSource | undefined> {
    const json = textOf(await connection.send(keys.blocked, ['HGET', keys.blocked, sha256]))
    return json === undefined ? undefined : JSON.parse(json)
  }

  return {
    async add(source) {
      const values = [source.sha256, JSON.stringify(source), timelineMember(placeOf(source))]
      return (await run(connection, add, all, values)) === 1
    },
    find,
    async delete(sha256) {
      const source = await find(sha256)
      // The time of an entry never changes; one that was taken off and added anew meanwhile keeps its own place.
      return (
        source !== undefined && (await run(connection, remove, all, [sha256, timelineMember(placeOf(source))])) === 1
      )
    },
    list: (page) => timelinePage(connection, { order: keys.blockedOrder, records: keys.blocked }, page, placeOf),
  }
}

const placeOf = ({ createdAt, sha256 }: BlockedSource) => ({ createdAt, id: sha256 })

const add = script(`
if redis.call('HSETNX', KEYS[1], ARGV[1], ARGV[2]) == 0 then return 0 end
redis.call('ZADD', KEYS[2], 0, ARGV[3])
return 1`)

const remove = script(`
if redis.call('ZREM', KEYS[2], ARGV[2]) == 0 then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
return 1`)

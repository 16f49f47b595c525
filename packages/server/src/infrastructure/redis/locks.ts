import type { Locks } from '../../ports/locks.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

export function createRedisLocks({ connection, keys }: RedisRoom): Locks {
  return {
    async acquire(name, holder, { now, leaseUntil }) {
      return (await run(connection, acquire, [keys.lock(name)], [holder, now, leaseUntil, garbageAfterSeconds])) === 1
    },
    async release(name, holder) {
      await run(connection, release, [keys.lock(name)], [holder])
    },
  }
}

/** Long after any lease: expiry is decided by the caller's clock, this only tidies up. */
const garbageAfterSeconds = 86_400

const acquire = script(`
local held = redis.call('HMGET', KEYS[1], 'holder', 'until')
if held[1] and held[1] ~= ARGV[1] and tonumber(held[2]) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', ARGV[3])
redis.call('EXPIRE', KEYS[1], ARGV[4])
return 1`)

const release = script(`
if redis.call('HGET', KEYS[1], 'holder') == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1`)

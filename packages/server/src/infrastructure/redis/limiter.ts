import { measure, tell } from '../../ports/gcra.ts'
import type { Limiter } from '../../ports/limiter.ts'
import { listOf, numberOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

export function createRedisLimiter({ connection, keys }: RedisRoom): Limiter {
  return {
    async take(name, withdrawal) {
      const asked = measure(withdrawal)
      const reply = await run(connection, take, [keys.rate(name)], [asked.now, asked.price, asked.burst, garbageMs])
      const [allowed, fullAt] = listOf(reply)
      return tell(allowed === 1, numberOf(fullAt), asked)
    },
  }
}

/** Kept so much longer than needed: the clocks of the servers may differ, and Redis has one of its own. */
const garbageMs = 60_000

/** Numbers leave Lua by `%.0f`: on its own it writes fourteen digits, and a time of today has sixteen. */
const take = script(`
local now, price, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or 0))
local after = full + price
if after > now + burst then return {0, string.format('%.0f', full)} end
if after <= now then
  redis.call('DEL', KEYS[1])
elseif price ~= 0 then
  local ttl = math.ceil((after - now) / 1000) + tonumber(ARGV[4])
  redis.call('SET', KEYS[1], string.format('%.0f', after), 'PX', string.format('%.0f', ttl))
end
return {1, string.format('%.0f', after)}`)

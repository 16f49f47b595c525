import type { Answers } from '../../ports/answers.ts'
import { fieldsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

export function createRedisAnswers({ connection, keys }: RedisRoom): Answers {
  return {
    async keep(name, { fingerprint, status, body }, { now, keepUntil }) {
      return (await run(connection, keep, [keys.answer(name)], [now, keepUntil, fingerprint, status, body])) === 1
    },
    async find(name, now) {
      const { fingerprint, status, body, keepUntil } = fieldsOf(
        await connection.send(keys.answer(name), ['HGETALL', keys.answer(name)]),
      )
      if (fingerprint === undefined || body === undefined || !(Number(keepUntil) > now)) return undefined
      return { fingerprint, status: Number(status), body }
    },
  }
}

const keep = script(`
local kept = redis.call('HGET', KEYS[1], 'keepUntil')
if kept and tonumber(kept) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'keepUntil', ARGV[2], 'fingerprint', ARGV[3], 'status', ARGV[4], 'body', ARGV[5])
redis.call('EXPIRE', KEYS[1], ARGV[2] - ARGV[1] + 60)
return 1`)

import type { Settings } from '../../ports/settings.ts'
import { fieldsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/** One hash, so that all are read at once and a change of several is one step. */
export function createRedisSettings({ connection, keys }: RedisRoom): Settings {
  return {
    async read() {
      const fields = fieldsOf(await connection.send(keys.settings, ['HGETALL', keys.settings]))
      return Object.fromEntries(Object.entries(fields).map(([name, json]) => [name, JSON.parse(json)]))
    },
    async change(changes) {
      const values = Object.entries(changes).flatMap(([name, value]) => [
        name,
        value === null ? '' : JSON.stringify(value),
      ])
      await run(connection, change, [keys.settings], values)
    },
  }
}

const change = script(`
for at = 1, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[at])
  else redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
end
return 1`)

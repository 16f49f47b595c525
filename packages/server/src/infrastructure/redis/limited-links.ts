import type { Reply } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/** What links that end have in common: the thing that they lead to lists them, and each is a hash with its terms as JSON. */
export function createLimitedLinks({ connection }: Pick<RedisRoom, 'connection'>) {
  return {
    /** Into the list of the thing, as the last. -1: there is no such thing. 0: the list is full. 1: it is there. */
    enlist: (keys: { owner: string; list: string }, link: { slug: string; createdAt: number }, max: number) =>
      run(connection, enlist, [keys.owner, keys.list], [link.slug, link.createdAt, max]),
    /** Changes the terms, of which null takes one away; answers with the fields that are asked for, or with nothing. */
    change: (key: string, changes: object, fields: readonly [string, ...string[]]): Promise<Reply> =>
      run(connection, change, [key], [JSON.stringify(changes), ...fields]),
  }
}

const enlist = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('ZSCORE', KEYS[2], ARGV[1]) then return 1 end
if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[3]) then return 0 end
return redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])`)

/** The first field holds the terms. */
const change = script(`
local stored = redis.call('HGET', KEYS[1], ARGV[2])
if not stored then return {} end
local terms = cjson.decode(stored)
for name, value in pairs(cjson.decode(ARGV[1])) do
  if value == cjson.null then terms[name] = nil else terms[name] = value end
end
redis.call('HSET', KEYS[1], ARGV[2], cjson.encode(terms))
return redis.call('HMGET', KEYS[1], unpack(ARGV, 2))`)

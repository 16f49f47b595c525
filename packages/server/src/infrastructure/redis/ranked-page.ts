import type { ImagePosition } from '../../ports/images.ts'
import type { Connection } from './connection.ts'
import { textsOf } from './reply.ts'
import { run, script } from './script.ts'

/**
 * Ids of a zset by time, newest first, with their times. The place in the list is a rank, so that a page costs the same
 * anywhere and among any number of equal times; what was taken out since stands in for a moment that nobody sees.
 */
export async function rankedPage(
  connection: Connection,
  key: string,
  { limit, after }: { limit: number; after?: ImagePosition | undefined },
): Promise<ImagePosition[]> {
  const place = after ? [after.createdAt, after.id] : []
  const flat = textsOf(await run(connection, page, [key], [limit, ...place]))
  return flat.flatMap((id, at) => (at % 2 === 0 ? [{ id, createdAt: Number(flat[at + 1]) }] : []))
}

const page = script(`
local limit, at, id = tonumber(ARGV[1]), ARGV[2], ARGV[3]
if not id then return redis.call('ZREVRANGE', KEYS[1], 0, limit - 1, 'WITHSCORES') end
local isGone = not redis.call('ZSCORE', KEYS[1], id)
if isGone then redis.call('ZADD', KEYS[1], at, id) end
local first = redis.call('ZREVRANK', KEYS[1], id) + 1
local rows = redis.call('ZREVRANGE', KEYS[1], first, first + limit - 1, 'WITHSCORES')
if isGone then redis.call('ZREM', KEYS[1], id) end
return rows`)

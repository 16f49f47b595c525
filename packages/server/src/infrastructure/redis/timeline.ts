import type { ImagePosition, Page } from '../../ports/images.ts'
import type { Connection } from './connection.ts'
import { listOf, textOf } from './reply.ts'
import { run, script } from './script.ts'

/**
 * Records by time: a zset in lexical order of `time:id`, where a page can begin behind any place, there or not, and a hash
 * id → JSON in the same slot.
 */
export const timelineMember = ({ createdAt, id }: ImagePosition): string =>
  `${String(createdAt).padStart(timeDigits, '0')}:${id}`

/** Seconds for the next thirty thousand years. */
const timeDigits = 12

/** Newest first. */
export async function timelinePage<T>(
  connection: Connection,
  timeline: { order: string; records: string },
  { limit, after }: { limit: number; after?: ImagePosition },
  placeOf: (record: T) => ImagePosition,
): Promise<Page<T>> {
  const start = after ? `(${timelineMember(after)}` : '+'
  // One more than asked tells whether there is a next page.
  const reply = await run(connection, page, [timeline.order, timeline.records], [start, limit + 1, timeDigits + 2])
  const records = listOf(reply).flatMap((json) => (json === null ? [] : [JSON.parse(textOf(json)!) as T]))
  const items = records.slice(0, limit)
  const last = items.at(-1)
  return records.length > limit && last ? { items, next: placeOf(last) } : { items }
}

const page = script(`
local members = redis.call('ZREVRANGEBYLEX', KEYS[1], ARGV[1], '-', 'LIMIT', 0, ARGV[2])
if #members == 0 then return {} end
local ids = {}
for i, member in ipairs(members) do ids[i] = member:sub(tonumber(ARGV[3])) end
return redis.call('HMGET', KEYS[2], unpack(ids))`)

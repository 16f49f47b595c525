import type { Audit, AuditEntry, AuditRange } from '../../ports/audit.ts'
import { listOf, type Reply, textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/** A stream whose ids are ours: the second, and a number within it. */
export function createRedisAudit({ connection, keys }: RedisRoom): Audit {
  return {
    async append({ at, ...entry }) {
      await run(connection, append, [keys.audit], [at, JSON.stringify(entry)])
    },
    async list(range) {
      const { first, last } = boundsOf(range)
      const isForward = range.order === 'oldest first'
      const ends = isForward ? ['XRANGE', keys.audit, first, last] : ['XREVRANGE', keys.audit, last, first]
      return listOf(await connection.send(keys.audit, [...ends, 'COUNT', String(range.limit)])).map(toEntry)
    },
    async trim(before) {
      await connection.send(keys.audit, ['XTRIM', keys.audit, 'MINID', '=', `${before}-0`])
    },
  }
}

/** What the range and the place in it come to, in the words of XRANGE. */
function boundsOf({ order, after, from, to }: AuditRange): { first: string; last: string } {
  const first = from === undefined ? '-' : `${from}-0`
  const last = to === undefined ? '+' : `(${to}-0`
  if (after === undefined) return { first, last }
  const at = Number(after.split('-')[0])
  if (order === 'oldest first') return { first: from !== undefined && at < from ? first : `(${after}`, last }
  return { first, last: to !== undefined && at >= to ? last : `(${after}` }
}

function toEntry(reply: Reply): AuditEntry {
  const [id, fields] = listOf(reply)
  const place = textOf(id) ?? ''
  return { id: place, at: Number(place.split('-')[0]), ...JSON.parse(textOf(listOf(fields)[1]) ?? '{}') }
}

/** The last id, not the last entry: that one may be trimmed, and Redis takes no id that is not above all before. */
const append = script(`
local at, number = tonumber(ARGV[1]), 0
if redis.call('EXISTS', KEYS[1]) == 1 then
  local about, last = redis.call('XINFO', 'STREAM', KEYS[1]), '0-0'
  for i = 1, #about, 2 do
    if about[i] == 'last-generated-id' then last = about[i + 1] end
  end
  local second, count = last:match('(%d+)-(%d+)')
  if tonumber(second) >= at then at, number = tonumber(second), tonumber(count) + 1 end
end
redis.call('XADD', KEYS[1], string.format('%d-%d', at, number), 'entry', ARGV[2])
return 1`)

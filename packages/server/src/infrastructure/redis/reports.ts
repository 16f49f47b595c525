import type { Report, Reports } from '../../ports/reports.ts'
import { listOf, numberOf, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'
import { timelineMember, timelinePage } from './timeline.ts'

/** Few beside the images, so all of them are in one slot, where each change is one step. */
export function createRedisReports({ connection, keys }: RedisRoom): Reports {
  const { reports, reportNotices } = keys

  async function find(id: string): Promise<Report | undefined> {
    const json = textOf(await connection.send(reports, ['HGET', reports, id]))
    return json === undefined ? undefined : JSON.parse(json)
  }

  return {
    async create(report, { maxOpen, noticeDueAt = '' }) {
      const all = [reports, keys.reportOrder('open'), keys.reportsOf(report.imageId), reportNotices] as const
      const values = [report.id, JSON.stringify(report), timelineMember(report), report.network, maxOpen, noticeDueAt]
      return (await run(connection, create, all, values)) === 1
    },
    find,
    list: ({ status, ...page }) =>
      timelinePage<Report>(connection, { order: keys.reportOrder(status), records: reports }, page, (report) => ({
        createdAt: report.createdAt,
        id: report.id,
      })),
    async countOpen(imageId) {
      const key = keys.reportsOf(imageId)
      return numberOf(await connection.send(key, ['HLEN', key]))
    },
    async resolve({ imageId, reportId = '' }, { outcome, at, by }) {
      const orders = [keys.reportOrder('open'), keys.reportOrder('resolved')] as const
      const resolution = JSON.stringify({ outcome, resolvedAt: at, ...(by !== undefined && { resolvedBy: by }) })
      const all = [reports, ...orders, keys.reportsOf(imageId)] as const
      return numberOf(await run(connection, resolve, all, [reportId, resolution]))
    },
    async listNotices({ now, limit }) {
      const range = ['ZRANGEBYSCORE', reportNotices, '-inf', String(now), 'LIMIT', '0', String(limit)]
      const ids = textsOf(await connection.send(reportNotices, range))
      if (ids.length === 0) return []
      const found = listOf(await connection.send(reports, ['HMGET', reports, ...ids]))
      return found.flatMap((json) => (json === null ? [] : [JSON.parse(textOf(json)!) as Report]))
    },
    async deferNotice(id, dueAt) {
      await run(connection, deferNotice, [reports, reportNotices], [id, dueAt])
    },
    async endNotice(id, notifiedAt) {
      await run(connection, endNotice, [reports, reportNotices], [id, notifiedAt ?? ''])
    },
    async trim(before) {
      const end = timelineMember({ createdAt: before, id: '' }).slice(0, -1)
      await run(connection, trim, [reports, keys.reportOrder('resolved'), reportNotices], [`(${end}`, trimRows])
    },
  }
}

/** Old reports removed in one go: everybody waits for a script. */
const trimRows = 500

const create = script(`
local id, report, member, network, max, due = unpack(ARGV)
if redis.call('HEXISTS', KEYS[3], network) == 1 or redis.call('HLEN', KEYS[3]) >= tonumber(max) then return 0 end
redis.call('HSET', KEYS[3], network, id)
redis.call('HSET', KEYS[1], id, report)
redis.call('ZADD', KEYS[2], 0, member)
if due ~= '' then redis.call('ZADD', KEYS[4], due, id) end
return 1`)

/** At most as many as may be open at a time. The order in both lists is that of the reports' own time. */
const resolve = script(`
local resolution, open = cjson.decode(ARGV[2]), redis.call('HVALS', KEYS[4])
redis.call('DEL', KEYS[4])
local function close(id)
  local stored = redis.call('HGET', KEYS[1], id)
  if not stored then return end
  local report = cjson.decode(stored)
  local member = string.format('%012d:%s', report.createdAt, id)
  if redis.call('ZREM', KEYS[2], member) == 1 then redis.call('ZADD', KEYS[3], 0, member) end
  for name, value in pairs(resolution) do report[name] = value end
  redis.call('HSET', KEYS[1], id, cjson.encode(report))
end
local named = ARGV[1]
for _, id in ipairs(open) do
  close(id)
  if id == named then named = '' end
end
if named ~= '' then close(named) end
return #open`)

const deferNotice = script(`
local stored = redis.call('ZSCORE', KEYS[2], ARGV[1]) and redis.call('HGET', KEYS[1], ARGV[1])
if not stored then return 0 end
local report = cjson.decode(stored)
report.failedNotices = (report.failedNotices or 0) + 1
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(report))
redis.call('ZADD', KEYS[2], ARGV[2], ARGV[1])
return 1`)

const endNotice = script(`
redis.call('ZREM', KEYS[2], ARGV[1])
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored or ARGV[2] == '' then return 0 end
local report = cjson.decode(stored)
report.notifiedAt = tonumber(ARGV[2])
redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(report))
return 1`)

const trim = script(`
local members = redis.call('ZRANGEBYLEX', KEYS[2], '-', ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(members) do
  local id = member:sub(14)
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[3], id)
  redis.call('ZREM', KEYS[2], member)
end
return #members`)

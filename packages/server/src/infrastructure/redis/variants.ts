import type { KnownVariant, VariantEntry, Variants } from '../../ports/variants.ts'
import { isPlainId } from './keys.ts'
import { type Fields, fieldsOf, listOf, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * The variants of an image are a hash in its slot, so that none is begun or made of an image that is gone: `stamp` while it is
 * begun, `stamp size madeAt etag` once it is made. Two lists span all slots: what is being made, an entry from before the first
 * step until after the last; and the images that have variants, by when one may be unused since.
 */
export function createRedisVariants({ connection, keys }: RedisRoom): Variants {
  const endMake = (imageId: string, name: string) =>
    connection.send(keys.makes, ['ZREM', keys.makes, `${imageId} ${name}`])
  const noteAge = (imageId: string, stamp: number) =>
    connection.send(keys.variantAges, ['ZADD', keys.variantAges, 'NX', String(stamp), imageId])

  const read = async (imageId: string): Promise<VariantEntry[]> =>
    entriesOf(imageId, fieldsOf(await connection.send(keys.variants(imageId), ['HGETALL', keys.variants(imageId)])))

  /** Entries of one image that are unused; if none is, it is looked at again when the next may be. */
  async function unusedOf(imageId: string, before: number): Promise<VariantEntry[]> {
    const entries = await read(imageId)
    const unused = entries.filter(({ isMade, stamp }) => isMade && stamp < before)
    if (unused.length > 0) return unused
    const ages = keys.variantAges
    const next = Math.min(...entries.map(({ stamp }) => Math.max(stamp, before)))
    const change = entries.length > 0 ? ['ZADD', ages, 'XX', String(next), imageId] : ['ZREM', ages, imageId]
    await connection.send(ages, change)
    return []
  }

  return {
    async begin(imageId, name, { now, max }) {
      if (!isPlainId(imageId)) return { state: 'gone' }
      await connection.send(keys.makes, ['ZADD', keys.makes, String(now), `${imageId} ${name}`])
      const both = [keys.image(imageId), keys.variants(imageId)] as const
      const [state, surplus] = listOf(await run(connection, begin, both, [name, now, max]))
      if (state === 'begun') return { state, surplus: entriesOf(imageId, fieldsOf(surplus)) }
      await endMake(imageId, name)
      return { state: state === 'full' ? 'full' : 'gone' }
    },
    async commit(imageId, name, { size, etag, madeAt }) {
      if (!isPlainId(imageId)) return false
      await noteAge(imageId, madeAt)
      const both = [keys.image(imageId), keys.variants(imageId)] as const
      const values = [name, `${madeAt} ${size} ${madeAt} ${etag}`]
      if ((await run(connection, commit, both, values)) !== 1) return false
      // Noted again, in case the sweeper found no variant after the first note and dropped it.
      await Promise.all([noteAge(imageId, madeAt), endMake(imageId, name)])
      return true
    },
    async settle(imageId, name) {
      if (!isPlainId(imageId)) return false
      const both = [keys.image(imageId), keys.variants(imageId)] as const
      if ((await run(connection, settle, both, [name])) !== 1) return false
      await endMake(imageId, name)
      return true
    },
    async find(imageId, name) {
      if (!isPlainId(imageId)) return undefined
      const key = keys.variants(imageId)
      return recordOf(textOf(await connection.send(key, ['HGET', key, name])))
    },
    async touch(imageId, name, now) {
      if (isPlainId(imageId)) await run(connection, touch, [keys.variants(imageId)], [name, now])
    },
    list: async (imageId) => (isPlainId(imageId) ? read(imageId) : []),
    async forget(entries) {
      await Promise.all(
        entries.map(async ({ imageId, name, stamp, isMade }) => {
          const left = await run(connection, forget, [keys.variants(imageId)], [name, stamp, isMade ? 1 : 0])
          if (left === 'kept') return
          await Promise.all([
            isMade ? undefined : endMake(imageId, name),
            left === 'none' ? connection.send(keys.variantAges, ['ZREM', keys.variantAges, imageId]) : undefined,
          ])
        }),
      )
    },
    async listUnused({ before, limit }) {
      const range = ['ZRANGEBYSCORE', keys.variantAges, '-inf', `(${before}`, 'LIMIT', '0', String(limit)]
      const ids = textsOf(await connection.send(keys.variantAges, range))
      const found = await Promise.all(ids.map((id) => unusedOf(id, before)))
      return found.flat().slice(0, limit)
    },
    async listAbandoned({ before, limit }) {
      const range = ['ZRANGEBYSCORE', keys.makes, '-inf', `(${before}`, 'LIMIT', '0', String(limit)]
      const members = textsOf(await connection.send(keys.makes, range))
      const entries = await Promise.all(
        members.map(async (member) => {
          const [imageId = '', name = ''] = member.split(' ')
          const entry = (await read(imageId)).find((one) => one.name === name)
          if (entry && !entry.isMade) return entry
          // A crash before it was begun, or right after it was made.
          await connection.send(keys.makes, ['ZREM', keys.makes, member])
          return undefined
        }),
      )
      return entries.filter((entry) => entry !== undefined)
    },
  }
}

const entriesOf = (imageId: string, fields: Fields): VariantEntry[] =>
  Object.entries(fields).map(([name, value]) => ({
    imageId,
    name,
    stamp: Number(value.split(' ', 1)[0]),
    isMade: value.includes(' '),
  }))

function recordOf(value: string | undefined): KnownVariant | undefined {
  const [usedAt, size, madeAt, etag] = value?.split(' ') ?? []
  return etag === undefined ? undefined : { size: Number(size), madeAt: Number(madeAt), etag, usedAt: Number(usedAt) }
}

const begin = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return { 'gone' } end
local name, now, max = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local all = redis.call('HGETALL', KEYS[2])
local isNew, made = true, {}
for at = 1, #all, 2 do
  local stamp = tonumber(all[at + 1]:match('^%d+'))
  if all[at] == name then
    isNew = false
  elseif all[at + 1]:find(' ') and stamp < now then
    made[#made + 1] = { stamp = stamp, name = all[at], value = all[at + 1] }
  end
end
local over = #all / 2 + (isNew and 1 or 0) - max
if over > 0 and isNew and #made == 0 then return { 'full' } end
table.sort(made, function(a, b) return a.stamp < b.stamp or (a.stamp == b.stamp and a.name < b.name) end)
local surplus = {}
for at = 1, math.min(over, #made) do
  surplus[#surplus + 1] = made[at].name
  surplus[#surplus + 1] = made[at].value
end
redis.call('HSET', KEYS[2], name, ARGV[2])
return { 'begun', surplus }`)

const commit = script(`
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return 1`)

const settle = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local value = redis.call('HGET', KEYS[2], ARGV[1])
if not value or value:find(' ') then return 0 end
return redis.call('HDEL', KEYS[2], ARGV[1])`)

const touch = script(`
local value = redis.call('HGET', KEYS[1], ARGV[1])
local rest = value and value:match('^%d+( .*)$')
if rest then redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. rest) end
return 1`)

/** `kept`: it is another one by now. `none`: that was the last. */
const forget = script(`
local value = redis.call('HGET', KEYS[1], ARGV[1])
if value then
  local isMade = value:find(' ') and '1' or '0'
  if value:match('^%d+') ~= ARGV[2] or isMade ~= ARGV[3] then return 'kept' end
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return redis.call('EXISTS', KEYS[1]) == 0 and 'none' or 'some'`)

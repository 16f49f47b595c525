import type { Facet, ImageIndex, ImageQuery } from '../../ports/image-index.ts'
import { monthOf, secondsOfMonth, termsOf } from '../../ports/image-terms.ts'
import type { ImagePosition, ImageRecord, Page } from '../../ports/images.ts'
import { type Collection, listedImage } from './collection.ts'
import { imageFields, imageFieldsInLua, imageOf } from './image-record.ts'
import { listOf, numberOf, type Reply, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'
import { idOfMemberInLua, placeOfTerm, termPlace, termPrefix } from './term-member.ts'

/** Images that are entered within one call, of accounts whose images were uploaded to the Flask project. */
const maxEntered = 5_000
const enterAtOnce = 500

export function createRedisImageIndex({
  connection,
  keys,
  collection,
}: RedisRoom & { collection: Collection }): ImageIndex {
  /** Records in the order of the ids; from the same answer where this is no Cluster, whose records are in other slots. */
  async function readAll(ids: readonly string[], records: Reply | undefined): Promise<(ImageRecord | undefined)[]> {
    const known = connection.isCluster
      ? await Promise.all(ids.map((id) => connection.send(keys.image(id), ['HMGET', keys.image(id), ...imageFields])))
      : listOf(records)
    return ids.map((id, at) => imageOf(id, known[at]))
  }

  const recordPrefix = connection.isCluster ? '' : keys.image('')

  async function listByTime(uid: string, query: ImageQuery): Promise<Page<ImageRecord>> {
    const { limit, after, order = 'created', from = '-inf', to = '+inf' } = query
    const key = order === 'taken' ? keys.dates(uid) : keys.listed(uid)
    const place = after ? [after.createdAt, after.id] : []
    const values = [limit + 1, recordPrefix, from, to, ...place]
    const [rows, records] = listOf(await run(connection, pageByTime, [key], values))
    const flat = textsOf(rows)
    const places: ImagePosition[] = []
    for (let at = 0; at + 1 < flat.length; at += 2) places.push({ id: flat[at]!, createdAt: numberOf(flat[at + 1]) })
    return toPage(limit, places, await readAll(places.map(({ id }) => id).slice(0, limit), records))
  }

  async function listByTerm(uid: string, query: ImageQuery): Promise<Page<ImageRecord>> {
    const { limit, after, from, to, tag } = query
    const term = termPrefix(tag === undefined ? 'w' : 't', tag ?? query.word ?? '')
    const upper = after
      ? termPlace(term, after)
      : termPlace(term, { createdAt: to ?? Number.POSITIVE_INFINITY, id: '' })
    const values = [limit + 1, recordPrefix, `(${upper}`, `[${termPlace(term, { createdAt: from ?? 0, id: '' })}`]
    const [members, records] = listOf(await run(connection, pageByTerm, [keys.terms(uid)], values))
    const found = textsOf(members)
    const places = found.map(placeOfTerm)
    const images = await readAll(places.map(({ id }) => id).slice(0, limit), records)
    const lies = found.filter((_, at) => at < limit && !hasTerm(images[at], query))
    // What a change that died on its way has left: the image says otherwise, and it counts.
    if (lies.length > 0) await connection.send(keys.terms(uid), ['ZREM', keys.terms(uid), ...lies])
    return toPage(
      limit,
      places,
      images.map((image) => (hasTerm(image, query) ? image : undefined)),
    )
  }

  /** Enters what was uploaded to the Flask project, where nothing of it was asked for before. */
  async function enterOld(uid: string): Promise<void> {
    const [listed, dated] = await Promise.all([
      connection.send(keys.listed(uid), ['ZCARD', keys.listed(uid)]),
      connection.send(keys.dates(uid), ['ZCARD', keys.dates(uid)]),
    ])
    if (numberOf(listed) <= numberOf(dated)) return
    let entered = 0
    for (let first = 0; first < numberOf(listed) && entered < maxEntered; first += enterAtOnce) {
      const ids = textsOf(await run(connection, missing, [keys.listed(uid), keys.dates(uid)], [first, enterAtOnce]))
      const images = await Promise.all(
        ids.map(async (id) =>
          imageOf(id, await connection.send(keys.image(id), ['HMGET', keys.image(id), ...imageFields])),
        ),
      )
      for (const [at, image] of images.entries()) {
        if (image) await collection.enter(listedImage(image))
        // Of an image that is gone nothing can be entered; without it here this would begin anew each time.
        else await connection.send(keys.listed(uid), ['ZREM', keys.listed(uid), ids[at]!])
      }
      entered += ids.length
    }
  }

  return {
    async list(uid, query) {
      if (query.tag === undefined && query.word === undefined && query.order !== 'taken') return listByTime(uid, query)
      await enterOld(uid)
      return query.order === 'taken' ? listByTime(uid, query) : listByTerm(uid, query)
    },
    async words(uid, prefix, limit) {
      await enterOld(uid)
      const found = textsOf(await run(connection, values, [keys.terms(uid)], [`w${prefix}`, `[w${prefix}`, limit, 0]))
      return found.filter((_, at) => at % 2 === 0)
    },
    async tags(uid, { limit, after }) {
      await enterOld(uid)
      const from = after === undefined ? '[t' : `(t${after}\u0001`
      const flat = textsOf(await run(connection, values, [keys.terms(uid)], ['t', from, limit, 1]))
      return flat.flatMap((value, at) => (at % 2 === 0 ? [{ value, count: Number(flat[at + 1]) }] : []))
    },
    async months(uid, order) {
      if (order === 'taken') await enterOld(uid)
      const key = order === 'taken' ? keys.dates(uid) : keys.listed(uid)
      const [first, last] = listOf(await run(connection, ends, [key], [])).map((end) => Number(textOf(end)))
      if (first === undefined || last === undefined) return []
      const months = monthsBetween(first, last)
      const counts = listOf(await run(connection, countMonths, [key], months.map(startOf)))
      return months
        .map((month, at): Facet => ({ value: month, count: numberOf(counts[at]) }))
        .filter(({ count }) => count > 0)
        .reverse()
    },
  }

  function toPage(
    limit: number,
    places: readonly ImagePosition[],
    images: readonly (ImageRecord | undefined)[],
  ): Page<ImageRecord> {
    const items = images.slice(0, limit).filter((image) => image !== undefined)
    const next = places[Math.min(limit, places.length) - 1]
    return places.length > limit && next ? { items, next } : { items }
  }
}

function hasTerm(image: ImageRecord | undefined, { tag, word = '' }: ImageQuery): boolean {
  if (!image) return false
  const { tags, words } = termsOf(image)
  return tag === undefined ? words.includes(word) : tags.includes(tag)
}

/** A hundred years. */
const maxMonths = 1_200

/** Oldest first; what is older than all of them belongs to the first. */
function monthsBetween(first: number, last: number): string[] {
  const months: string[] = []
  let month = monthOf(last)
  while (months.length < maxMonths && startOf(month) > first) {
    months.unshift(month)
    month = monthOf(startOf(month) - 1)
  }
  if (months.length < maxMonths) months.unshift(month)
  return months
}

const startOf = (month: string): number => secondsOfMonth(month).from

/**
 * The place in the list by rank, so that a page costs the same anywhere and among any number of equal times. An image that
 * was deleted since stands in for a moment that nobody sees.
 */
const pageByTime = script(`
local limit, prefix, from, to, created, id = tonumber(ARGV[1]), ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local first, score, moved = 0
if id then
  score = redis.call('ZSCORE', KEYS[1], id)
  moved = not score or tonumber(score) ~= tonumber(created)
  if moved then redis.call('ZADD', KEYS[1], created, id) end
  first = redis.call('ZREVRANK', KEYS[1], id) + 1
elseif to ~= '+inf' then
  first = redis.call('ZCOUNT', KEYS[1], to, '+inf')
end
local rows = redis.call('ZREVRANGE', KEYS[1], first, first + limit - 1, 'WITHSCORES')
if moved and score then redis.call('ZADD', KEYS[1], score, id) end
if moved and not score then redis.call('ZREM', KEYS[1], id) end
local kept, records = {}, {}
for i = 1, #rows, 2 do
  if from ~= '-inf' and tonumber(rows[i + 1]) < tonumber(from) then break end
  kept[#kept + 1] = rows[i]
  kept[#kept + 1] = rows[i + 1]
  if prefix ~= '' then records[#records + 1] = redis.call('HMGET', prefix .. rows[i], ${imageFieldsInLua}) end
end
return { kept, records }`)

const pageByTerm = script(`${idOfMemberInLua}
local members, records = redis.call('ZREVRANGEBYLEX', KEYS[1], ARGV[3], ARGV[4], 'LIMIT', 0, ARGV[1]), {}
if ARGV[2] ~= '' then
  for i, member in ipairs(members) do
    records[i] = redis.call('HMGET', ARGV[2] .. id_of(member), ${imageFieldsInLua})
  end
end
return { members, records }`)

/** Different values from one place on, each with how many images have it, or with nothing. Hops from value to value. */
const values = script(`
local prefix, from, limit, counts, found = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4] == '1', {}
while #found < limit * 2 do
  local member = redis.call('ZRANGEBYLEX', KEYS[1], from, '+', 'LIMIT', 0, 1)[1]
  if not member or member:sub(1, #prefix) ~= prefix then break end
  local term = member:match('^([^%z]*)')
  found[#found + 1] = term:sub(2)
  from = '(' .. term .. '\\1'
  found[#found + 1] = counts and redis.call('ZLEXCOUNT', KEYS[1], '[' .. term .. '\\0', from) or 0
end
return found`)

const missing = script(`
local ids, without = redis.call('ZREVRANGE', KEYS[1], ARGV[1], ARGV[1] + ARGV[2] - 1), {}
for _, id in ipairs(ids) do
  if not redis.call('ZSCORE', KEYS[2], id) then without[#without + 1] = id end
end
return without`)

const ends = script(`
local first = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
if #first == 0 then return {} end
return { first[2], redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] }`)

const countMonths = script(`
local counts = {}
for i, start in ipairs(ARGV) do
  local from = i == 1 and '-inf' or start
  counts[i] = redis.call('ZCOUNT', KEYS[1], from, ARGV[i + 1] and '(' .. ARGV[i + 1] or '+inf')
end
return counts`)

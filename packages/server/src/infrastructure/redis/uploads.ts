import type { ClaimResult, Draft, Uploads } from '../../ports/uploads.ts'
import { type Collection, listedImage } from './collection.ts'
import { imageFieldsInLua, imageOf } from './image-record.ts'
import type { Journal } from './journal.ts'
import { isPlainId } from './keys.ts'
import { type Fields, fieldsOf, listOf, numberOf, type Reply, textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

export function createRedisUploads({
  connection,
  keys,
  collection,
  journal,
}: RedisRoom & { collection: Collection; journal: Journal }): Uploads {
  const all = (id: string) => [keys.image(id), keys.draft(id), keys.trashed(id)] as const

  /** Finishes what a commit that died has left: the image exists, its owner's collection may not know. */
  async function finishCommit(id: string, record: Reply | undefined): Promise<void> {
    const image = imageOf(id, record)
    if (image) await collection.enlist(listedImage(image))
  }

  /** A draft that somebody is working on does not expire under their hands. */
  async function prolongTrace(fields: Fields): Promise<void> {
    const draft = draftOf(fields)
    if (draft && numberOf(fields.expires) > draft.expiresAt)
      await journal.prolongUpload(draft.id, numberOf(fields.expires))
  }

  async function withdraw({ id, ownerUid }: Pick<Draft, 'id' | 'ownerUid'>): Promise<void> {
    await connection.send(keys.draft(id), ['DEL', keys.draft(id)])
    await collection.drop(ownerUid, id)
    await journal.endUpload(id)
  }

  async function findDraft(id: string): Promise<Draft | undefined> {
    if (!isPlainId(id)) return undefined
    return draftOf(fieldsOf(await connection.send(keys.draft(id), ['HGETALL', keys.draft(id)])))
  }

  return {
    async create(draft, { reserveBytes, ...limits }, leaseUntil) {
      const { id, ownerUid, createdAt, expiresAt } = draft
      const reservation = { ...limits, now: createdAt, expiresAt, bytes: reserveBytes, isNew: true }
      // In one tick: nobody learns of this draft before all have answered. The trace goes out first.
      const [, reserved] = await Promise.all([
        journal.beginUpload(draft, expiresAt),
        collection.reserve(ownerUid, id, reservation),
        run(connection, create, [keys.draft(id)], [...fieldsOfDraft(draft, leaseUntil)]),
      ])
      if (reserved === 'created') return 'created'
      await withdraw(draft)
      return reserved === 'too_many_drafts' ? 'too_many_drafts' : 'quota_exceeded'
    },
    find: findDraft,
    async claim(id, { now, leaseUntil }): Promise<ClaimResult> {
      if (!isPlainId(id)) return { state: 'missing' }
      const answer = listOf(await run(connection, claim, all(id), [now, leaseUntil, draftGraceSeconds]))
      if (answer[0] === 'missing') return { state: 'missing' }
      if (answer[0] === 'busy') return { state: 'busy', leaseUntil: numberOf(answer[1]) }
      const fields = fieldsOf(answer[1])
      const draft = answer[0] === 'claimed' ? draftOf(fields) : undefined
      if (draft) {
        await prolongTrace(fields)
        return { state: 'claimed', draft, claim: { id, ownerUid: draft.ownerUid, fence: numberOf(fields.fence) } }
      }
      await finishCommit(id, answer[1])
      return { state: 'committed' }
    },
    async renew({ id, fence }, leaseUntil) {
      const fields = fieldsOf(await run(connection, renew, [keys.draft(id)], [fence, leaseUntil, draftGraceSeconds]))
      if (fields.fence === undefined) return false
      await prolongTrace(fields)
      return true
    },
    async release({ id, fence }) {
      await run(connection, release, [keys.draft(id)], [fence])
    },
    /**
     * Not one step with the look at the fence: a worker that lost its claim in between writes the size of the same bytes
     * that the new one is about to write.
     */
    async reserve({ id, ownerUid, fence }, { reserveBytes, maxBytes }) {
      const key = keys.draft(id)
      const [held, claimedAt, expiresAt] = listOf(
        await connection.send(key, ['HMGET', key, 'fence', 'claimed', 'expires']),
      )
      if (textOf(held) !== String(fence)) return false
      const result = await collection.reserve(ownerUid, id, {
        now: Math.floor(numberOf(claimedAt) / 1000),
        expiresAt: numberOf(expiresAt),
        bytes: reserveBytes,
        ...(maxBytes !== undefined && { maxBytes }),
        isNew: false,
      })
      return result === 'created'
    },
    async discard(draft, held) {
      const answer = listOf(await run(connection, discard, all(draft.id), [held?.fence ?? '']))
      if (answer[0] === 'image') await finishCommit(draft.id, answer[1])
      if (answer[0] !== 'gone') return false
      await collection.drop(draft.ownerUid, draft.id)
      return true
    },
    finish: ({ id }) => journal.endUpload(id),
    listExpired: (page) => journal.listUploads(page),
    async listOpen(ownerUid, limit) {
      const reserved = (await collection.reserved(ownerUid)).slice(0, limit)
      const drafts = await Promise.all(reserved.map(({ id }) => findDraft(id)))
      // A reservation without a draft: a creation that died on its way, or one under way.
      return reserved.map(({ id }, at) => ({ id, ownerUid, key: drafts[at]?.key ?? '' }))
    },
    async usage(ownerUid, now) {
      const open = (await collection.reserved(ownerUid)).filter(({ expiresAt }) => expiresAt >= now)
      return { drafts: open.length, bytes: open.reduce((sum, { bytes }) => sum + bytes, 0) }
    },
  }
}

/**
 * How long after its expiry Redis itself drops a draft that nobody swept: garbage, since the sweeper comes within minutes.
 * Shorter than the reservation lives, which is the ticket of this draft.
 */
const draftGraceSeconds = 86_400

/** Lifetime in Redis' own clock, then the fields. */
function fieldsOfDraft(draft: Draft, leaseUntil: number | undefined): (string | number)[] {
  const lease = leaseUntil === undefined ? ['fence', 0] : ['fence', 1, 'lease', leaseUntil]
  return [
    Math.max(1, draft.expiresAt - draft.createdAt) + draftGraceSeconds,
    ...['draft', JSON.stringify(draft), 'expires', draft.expiresAt, 'staged', draft.staged ? 1 : 0],
    ...['claimed', draft.createdAt * 1000, ...lease],
  ]
}

function draftOf(fields: Fields): Draft | undefined {
  return fields.draft === undefined ? undefined : (JSON.parse(fields.draft) satisfies Draft)
}

const create = script(`
redis.call('HSET', KEYS[1], unpack(ARGV, 2))
redis.call('EXPIRE', KEYS[1], ARGV[1])
return 1`)

/** Lease and expiry of a draft that is worked on. */
const prolong = `
local function prolong(key, lease, grace)
  redis.call('HSET', key, 'lease', lease)
  local ends = math.floor(tonumber(lease) / 1000) + 1
  if ends > tonumber(redis.call('HGET', key, 'expires')) then
    redis.call('HSET', key, 'expires', ends)
    redis.call('EXPIRE', key, grace)
  end
end`

const claim = script(`${prolong}
local lease = redis.call('HGET', KEYS[2], 'lease')
if redis.call('EXISTS', KEYS[2]) == 0 then
  if redis.call('EXISTS', KEYS[1]) == 1 then return { 'committed', redis.call('HMGET', KEYS[1], ${imageFieldsInLua}) } end
  if redis.call('EXISTS', KEYS[3]) == 1 then return { 'committed' } end
  return { 'missing' }
end
if lease and tonumber(lease) > tonumber(ARGV[1]) then return { 'busy', lease } end
redis.call('HINCRBY', KEYS[2], 'fence', 1)
redis.call('HSET', KEYS[2], 'claimed', ARGV[1])
prolong(KEYS[2], ARGV[2], ARGV[3])
return { 'claimed', redis.call('HGETALL', KEYS[2]) }`)

const renew = script(`${prolong}
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] then return {} end
prolong(KEYS[1], ARGV[2], ARGV[3])
return redis.call('HGETALL', KEYS[1])`)

const release = script(`
if redis.call('HGET', KEYS[1], 'fence') == ARGV[1] then redis.call('HDEL', KEYS[1], 'lease') end
return 1`)

const discard = script(`
if redis.call('EXISTS', KEYS[1]) == 1 then return { 'image', redis.call('HMGET', KEYS[1], ${imageFieldsInLua}) } end
if redis.call('EXISTS', KEYS[3]) == 1 then return { 'image' } end
if ARGV[1] ~= '' and redis.call('HGET', KEYS[2], 'fence') ~= ARGV[1] then return { 'lost' } end
redis.call('DEL', KEYS[2])
return { 'gone' }`)

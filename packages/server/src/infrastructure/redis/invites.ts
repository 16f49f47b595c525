import type { Invite, InvitePosition, Invites } from '../../ports/invites.ts'
import { listOf, numberOf, type Reply, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * One hash for all, of id → invite, `@`id → how often it was used, `#`hash of the code → id; and beside it in the same slot
 * their order by time. So each change is one atomic step.
 */
export function createRedisInvites({ connection, keys }: RedisRoom): Invites {
  const both = [keys.invites, keys.inviteOrder] as const

  const read = async (ids: readonly string[]): Promise<Invite[]> => {
    if (ids.length === 0) return []
    const fields = ids.flatMap((id) => [id, `@${id}`])
    const values = listOf(await connection.send(keys.invites, ['HMGET', keys.invites, ...fields]))
    return ids.flatMap((_, at) => toInvite(values[2 * at], values[2 * at + 1]) ?? [])
  }

  return {
    async create({ used, ...invite }) {
      await run(connection, create, both, [invite.id, JSON.stringify(invite), used, invite.hash, orderOf(invite)])
    },
    async list({ limit, after }) {
      const from = after ? `(${orderOf(after)}` : '+'
      // One more than asked tells whether there is a next page.
      const range = ['ZREVRANGEBYLEX', keys.inviteOrder, from, '-', 'LIMIT', '0', String(limit + 1)]
      const places = textsOf(await connection.send(keys.inviteOrder, range)).map(toPosition)
      const page = places.slice(0, limit)
      const items = await read(page.map(({ id }) => id))
      const next = places.length > limit ? page.at(-1) : undefined
      return { items, ...(next && { next }) }
    },
    async find(hash) {
      const id = textOf(await connection.send(keys.invites, ['HGET', keys.invites, `#${hash}`]))
      return id === undefined ? undefined : (await read([id]))[0]
    },
    async consume(hash, now) {
      return textOf(await run(connection, consume, [keys.invites], [hash, now]))
    },
    async giveBack(id) {
      await run(connection, giveBack, [keys.invites], [id])
    },
    async delete(id) {
      const stored = toInvite(await connection.send(keys.invites, ['HGET', keys.invites, id]), null)
      if (!stored) return false
      return (await run(connection, remove, both, [id, stored.hash, orderOf(stored)])) === 1
    },
  }
}

function toInvite(stored: Reply | undefined, used: Reply | undefined): Invite | undefined {
  const json = textOf(stored)
  return json === undefined ? undefined : { ...JSON.parse(json), used: numberOf(used) }
}

/** Later times sort behind earlier ones as text, since all have as many digits. */
const orderOf = ({ createdAt, id }: InvitePosition): string => `${String(createdAt).padStart(12, '0')} ${id}`

function toPosition(place: string): InvitePosition {
  const [createdAt, id = ''] = place.split(' ')
  return { createdAt: Number(createdAt), id }
}

const create = script(`
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2], '@' .. ARGV[1], ARGV[3], '#' .. ARGV[4], ARGV[1])
return redis.call('ZADD', KEYS[2], 0, ARGV[5])`)

const consume = script(`
local id = redis.call('HGET', KEYS[1], '#' .. ARGV[1])
if not id then return nil end
local invite = cjson.decode(redis.call('HGET', KEYS[1], id))
if invite.expiresAt and invite.expiresAt <= tonumber(ARGV[2]) then return nil end
if tonumber(redis.call('HGET', KEYS[1], '@' .. id)) >= invite.uses then return nil end
redis.call('HINCRBY', KEYS[1], '@' .. id, 1)
return id`)

const giveBack = script(`
local used = redis.call('HGET', KEYS[1], '@' .. ARGV[1])
if not used or tonumber(used) <= 0 then return 0 end
return redis.call('HINCRBY', KEYS[1], '@' .. ARGV[1], -1)`)

const remove = script(`
local removed = redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[1], '@' .. ARGV[1], '#' .. ARGV[2])
redis.call('ZREM', KEYS[2], ARGV[3])
return removed`)

import type { Grant, GrantRole, Grants } from '../../ports/grants.ts'
import { isPlainId } from './keys.ts'
import { rankedPage } from './ranked-page.ts'
import { fieldsOf, numberOf, textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * A grant is with its album, where it counts; the account that has it keeps a list, which is read through the albums. Whoever
 * changes a grant brings the list to what the album says afterwards.
 */
export function createRedisGrants({ connection, keys }: RedisRoom): Grants {
  const findGrant = async (albumId: string, uid: string): Promise<Grant | undefined> => {
    const stored = textOf(await run(connection, read, [keys.album(albumId), keys.grants(albumId)], [uid]))
    return stored === undefined || stored === '' ? undefined : toGrant(albumId, uid, stored)
  }

  /** Bounded, in case two callers never come to rest. */
  async function settle(albumId: string, uid: string): Promise<void> {
    const key = keys.shared(uid)
    for (let round = 0; round < 4; round++) {
      const grant = await findGrant(albumId, uid)
      if (grant) await connection.send(key, ['ZADD', key, String(grant.createdAt), albumId])
      else await connection.send(key, ['ZREM', key, albumId])
      if ((await findGrant(albumId, uid))?.createdAt === grant?.createdAt) return
    }
  }

  return {
    // Into the list first, so that a crash leaves no grant that the deletion of the account would not find.
    async put({ albumId, uid, role, createdAt }, { max }) {
      if (!isPlainId(albumId)) return 'missing'
      const key = keys.shared(uid)
      await connection.send(key, ['ZADD', key, String(createdAt), albumId])
      const both = [keys.album(albumId), keys.grants(albumId)] as const
      const result = numberOf(await run(connection, give, both, [uid, `${createdAt} ${role}`, max]))
      await settle(albumId, uid)
      return result === 1 ? 'granted' : result === 0 ? 'full' : 'missing'
    },
    async revoke(albumId, uid) {
      if (!isPlainId(albumId)) return false
      const was = await connection.send(keys.grants(albumId), ['HDEL', keys.grants(albumId), uid])
      await settle(albumId, uid)
      return was === 1
    },
    async list(albumId) {
      const stored = fieldsOf(await connection.send(keys.grants(albumId), ['HGETALL', keys.grants(albumId)]))
      const grants = Object.entries(stored).map(([uid, value]) => toGrant(albumId, uid, value))
      return grants.sort((a, b) => a.createdAt - b.createdAt || (a.uid < b.uid ? -1 : 1))
    },
    async roleOf(albumId, uid) {
      if (!isPlainId(albumId)) return undefined
      const stored = textOf(await run(connection, read, [keys.album(albumId), keys.grants(albumId)], [uid]))
      if (stored === '') return 'owner'
      return stored === undefined ? undefined : toGrant(albumId, uid, stored).role
    },
    async listOf(uid, { limit, after }) {
      // One more than asked tells whether there is a next page.
      const places = await rankedPage(connection, keys.shared(uid), { limit: limit + 1, after })
      const here = places.slice(0, limit)
      const found = await Promise.all(here.map(({ id }) => findGrant(id, uid)))
      await Promise.all(here.map(({ id }, at) => found[at] ?? settle(id, uid)))
      const items = found.filter((grant) => grant !== undefined)
      const next = here.at(-1)
      return places.length > limit && next ? { items, next } : { items }
    },
  }
}

function toGrant(albumId: string, uid: string, stored: string): Grant {
  const [createdAt, role] = stored.split(' ')
  return { albumId, uid, role: role as GrantRole, createdAt: Number(createdAt) }
}

/** Empty for the owner. */
const read = script(`
local owner = redis.call('HGET', KEYS[1], 'owner')
if not owner then return nil end
if owner == ARGV[1] then return '' end
return redis.call('HGET', KEYS[2], ARGV[1])`)

const give = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return -1 end
if redis.call('HEXISTS', KEYS[2], ARGV[1]) == 0 and redis.call('HLEN', KEYS[2]) >= tonumber(ARGV[3]) then return 0 end
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
return 1`)

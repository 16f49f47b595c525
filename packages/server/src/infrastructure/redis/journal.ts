import type { UploadTrace } from '../../ports/uploads.ts'
import { listOf, numberOf, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * What is under way and spans several hash slots, written before its first step and dropped after the last: here a crash
 * is found again without looking through the keyspace.
 */
export function createJournal({ connection, keys }: RedisRoom) {
  return {
    async beginUpload({ id, ownerUid, key }: UploadTrace, expiresAt: number): Promise<void> {
      await run(connection, begin, [keys.uploads, keys.uploadBytes], [id, expiresAt, `${ownerUid} ${key}`])
    },
    async prolongUpload(id: string, expiresAt: number): Promise<void> {
      await connection.send(keys.uploads, ['ZADD', keys.uploads, 'XX', 'GT', String(expiresAt), id])
    },
    async endUpload(id: string): Promise<void> {
      await run(connection, end, [keys.uploads, keys.uploadBytes], [id])
    },
    /** Oldest first. */
    async listUploads({ before, limit }: { before: number; limit: number }): Promise<UploadTrace[]> {
      const flat = textsOf(await run(connection, list, [keys.uploads, keys.uploadBytes], [`(${before}`, limit]))
      const traces: UploadTrace[] = []
      for (let at = 0; at + 1 < flat.length; at += 2) {
        const space = flat[at + 1]!.indexOf(' ')
        traces.push({ id: flat[at]!, ownerUid: flat[at + 1]!.slice(0, space), key: flat[at + 1]!.slice(space + 1) })
      }
      return traces
    },

    async beginDeletion(id: string, now: number): Promise<void> {
      await connection.send(keys.deletions, ['ZADD', keys.deletions, 'NX', String(now), id])
    },
    async endDeletion(id: string): Promise<void> {
      await connection.send(keys.deletions, ['ZREM', keys.deletions, id])
    },
    /** Oldest first. */
    async listDeletions({ before, limit }: { before: number; limit: number }): Promise<string[]> {
      const range = ['ZRANGEBYSCORE', keys.deletions, '-inf', `(${before}`, 'LIMIT', '0', String(limit)]
      return textsOf(await connection.send(keys.deletions, range))
    },

    /** Its bytes are on their way into the trash or out of it. */
    async beginMove(id: string, now: number): Promise<void> {
      await connection.send(keys.moves, ['ZADD', keys.moves, String(now), id])
    },
    async endMove(id: string): Promise<void> {
      await connection.send(keys.moves, ['ZREM', keys.moves, id])
    },
    /** Oldest first. */
    async listMoves({ before, limit }: { before: number; limit: number }): Promise<string[]> {
      const range = ['ZRANGEBYSCORE', keys.moves, '-inf', `(${before}`, 'LIMIT', '0', String(limit)]
      return textsOf(await connection.send(keys.moves, range))
    },

    async enterTrash(id: string, now: number): Promise<void> {
      await connection.send(keys.inTrash, ['ZADD', keys.inTrash, 'NX', String(now), id])
    },
    async leaveTrash(id: string): Promise<void> {
      await Promise.all([
        connection.send(keys.inTrash, ['ZREM', keys.inTrash, id]),
        connection.send(keys.moves, ['ZREM', keys.moves, id]),
      ])
    },
    /** Oldest first. */
    async listTrash({ before, limit }: { before: number; limit: number }): Promise<string[]> {
      const range = ['ZRANGEBYSCORE', keys.inTrash, '-inf', `(${before}`, 'LIMIT', '0', String(limit)]
      return textsOf(await connection.send(keys.inTrash, range))
    },

    /** When the image goes by itself; a later note counts. */
    async noteExpiry(id: string, expiresAt: number): Promise<void> {
      await connection.send(keys.expiries, ['ZADD', keys.expiries, String(expiresAt), id])
    },
    async dropExpiry(id: string): Promise<void> {
      await connection.send(keys.expiries, ['ZREM', keys.expiries, id])
    },
    /** Oldest first, with their times. */
    async listExpiries({ before, limit }: { before: number; limit: number }): Promise<{ id: string; at: number }[]> {
      const range = ['ZRANGEBYSCORE', keys.expiries, '-inf', `(${before}`, 'WITHSCORES', 'LIMIT', '0', String(limit)]
      return listOf(await connection.send(keys.expiries, range)).map((pair) => {
        const [id, at] = listOf(pair)
        return { id: textOf(id) ?? '', at: numberOf(at) }
      })
    },
  }
}

export type Journal = ReturnType<typeof createJournal>

const begin = script(`
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[3])
return 1`)

const end = script(`
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1`)

const list = script(`
local ids, flat = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[2]), {}
for _, id in ipairs(ids) do
  flat[#flat + 1] = id
  flat[#flat + 1] = redis.call('HGET', KEYS[2], id) or ' '
end
return flat`)

import { scopes as knownScopes, type Scope } from '@imagehost/contract/scopes'
import type { Token, Tokens } from '../../ports/tokens.ts'
import { fieldsOf, listOf, numberOf, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * The truth is one hash per account, where each change is one atomic step; a hash of a key only points there. So whatever
 * a crash leaves, a key that is not listed opens nothing.
 */
export function createRedisTokens({ connection, keys }: RedisRoom): Tokens {
  /** Whose key it is, and its id. */
  async function locate(hash: string): Promise<{ uid: string; id: string } | undefined> {
    const place = textOf(await connection.send(keys.token(hash), ['GET', keys.token(hash)]))
    if (place === undefined) return undefined
    const space = place.lastIndexOf(' ')
    return { uid: place.slice(0, space), id: place.slice(space + 1) }
  }

  const forget = (hash: string) => connection.send(keys.token(hash), ['DEL', keys.token(hash)])

  return {
    async create({ lastUsedAt, confirmedAt, ...token }, { keepNewest = 0, passwordHash = '' } = {}) {
      const { hash, uid, id, kind } = token
      // In one tick: nobody holds the key before both have answered.
      const [answer] = await Promise.all([
        run(
          connection,
          create,
          [keys.tokens(uid), keys.account(uid)],
          [id, JSON.stringify(token), lastUsedAt ?? '', confirmedAt ?? '', kind, keepNewest, passwordHash],
        ),
        connection.send(keys.token(hash), ['SET', keys.token(hash), `${uid} ${id}`]),
      ])
      const isStored = Array.isArray(answer)
      await Promise.all((isStored ? textsOf(answer) : [hash]).map(forget))
      return isStored
    },
    async findByHash(hash) {
      const place = await locate(hash)
      if (!place) return undefined
      const key = keys.tokens(place.uid)
      const values = listOf(await connection.send(key, ['HMGET', key, place.id, `@${place.id}`, `!${place.id}`]))
      const [stored, lastUsedAt, confirmedAt] = values.map(textOf)
      const token = stored ? toToken(stored, lastUsedAt, confirmedAt) : undefined
      return token?.hash === hash ? token : undefined
    },
    async touch(hash, lastUsedAt) {
      const place = await locate(hash)
      if (place) await run(connection, note, [keys.tokens(place.uid)], [place.id, `@${place.id}`, lastUsedAt])
    },
    async confirm(hash, confirmedAt) {
      const place = await locate(hash)
      if (!place) return false
      return (await run(connection, note, [keys.tokens(place.uid)], [place.id, `!${place.id}`, confirmedAt])) === 1
    },
    async list(uid) {
      const fields = fieldsOf(await connection.send(keys.tokens(uid), ['HGETALL', keys.tokens(uid)]))
      return Object.keys(fields)
        .filter((id) => !/^[@!]/.test(id))
        .map((id) => toToken(fields[id]!, fields[`@${id}`], fields[`!${id}`]))
        .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1))
    },
    async delete(uid, id) {
      const stored = textOf(await run(connection, remove, [keys.tokens(uid)], [id]))
      if (stored === undefined) return false
      await forget(toToken(stored).hash)
      return true
    },
  }
}

function toToken(stored: string, lastUsedAt?: string, confirmedAt?: string): Token {
  const token: Token = JSON.parse(stored)
  return {
    ...token,
    scopes: token.scopes.filter((scope): scope is Scope => Object.hasOwn(knownScopes, scope)),
    ...(lastUsedAt && { lastUsedAt: numberOf(lastUsedAt) }),
    ...(confirmedAt && { confirmedAt: numberOf(confirmedAt) }),
  }
}

/** Stores the key and answers with the hashes of those that it displaced; 0 if the password is another one by now. */
const create = script(`
local id, stored, used, confirmed, kind, keep, password = unpack(ARGV)
if password ~= '' and redis.call('HGET', KEYS[2], 'password_hash') ~= password then return 0 end
redis.call('HSET', KEYS[1], id, stored)
if used ~= '' then redis.call('HSET', KEYS[1], '@' .. id, used) end
if confirmed ~= '' then redis.call('HSET', KEYS[1], '!' .. id, confirmed) end
keep = tonumber(keep)
if keep == 0 then return {} end
local all, used_at, others = redis.call('HGETALL', KEYS[1]), {}, {}
for i = 1, #all, 2 do
  if all[i]:sub(1, 1) == '@' then used_at[all[i]:sub(2)] = tonumber(all[i + 1]) end
end
for i = 1, #all, 2 do
  if not all[i]:match('^[@!]') and all[i] ~= id then
    local token = cjson.decode(all[i + 1])
    if token.kind == kind then
      others[#others + 1] = { id = all[i], hash = token.hash, at = used_at[all[i]] or token.createdAt }
    end
  end
end
table.sort(others, function(a, b) if a.at ~= b.at then return a.at > b.at end return a.id > b.id end)
local dropped = {}
for i = keep, #others do
  redis.call('HDEL', KEYS[1], others[i].id, '@' .. others[i].id, '!' .. others[i].id)
  dropped[#dropped + 1] = others[i].hash
end
return dropped`)

/** Never notes anything of a key that is gone. */
const note = script(`
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[3])
return 1`)

const remove = script(`
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored then redis.call('HDEL', KEYS[1], ARGV[1], '@' .. ARGV[1], '!' .. ARGV[1]) end
return stored`)

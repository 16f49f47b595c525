import { positionOf } from '../../ports/account-order.ts'
import type { Account, Accounts } from '../../ports/accounts.ts'
import type { Setup } from '../../ports/setup.ts'
import { createAccountIndex } from './account-index.ts'
import { accountFields, changedFields, preferenceField, setAccountFields, toAccount } from './account-record.ts'
import { fieldsOf, textOf, textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

export function createRedisAccounts(room: RedisRoom & { setup: Setup }): Accounts {
  const { connection, keys, setup } = room
  const index = createAccountIndex(room)

  const readFields = async (uid: string) =>
    fieldsOf(await connection.send(keys.account(uid), ['HGETALL', keys.account(uid)]))

  async function find(uid: string): Promise<Account | undefined> {
    const fields = await readFields(uid)
    const account = toAccount(uid, fields)
    // Of the Flask project, or made just before a crash. A Redis that only reads at the moment must not keep its owner out.
    if (account && fields.listed === undefined) await index.add(account).catch(() => {})
    return account
  }

  return {
    // The record first: nobody knows its uid yet, and a crash in between leaves no name that leads nowhere.
    async create(account, nameKey, { firstIsAdmin = false } = {}) {
      const [key, name] = [keys.account(account.uid), keys.name(nameKey)]
      await connection.send(key, ['HSET', key, ...accountFields(account)])
      if ((await connection.send(name, ['SET', name, account.uid, 'NX'])) === null) {
        await connection.send(key, ['DEL', key])
        return false
      }
      const noteFirst = connection.send(keys.setup, ['HSETNX', keys.setup, 'had_accounts', '1'])
      const [isFirst] = await Promise.all([noteFirst, index.add(account)])
      if (isFirst === 1 && firstIsAdmin) await setup.claim(account.uid)
      return true
    },
    find,
    async findByName(nameKey) {
      const name = keys.name(nameKey)
      const uid = textOf(await connection.send(name, ['GET', name]))
      return uid === undefined ? undefined : find(uid)
    },
    async list({ prefix, limit, after }) {
      const { entries, next } = await index.page(prefix, limit, after)
      const found = await Promise.all(entries.map(async ({ uid }) => toAccount(uid, await readFields(uid))))
      // What a crash in the middle of a deletion left; a record is always written before its entry.
      await Promise.all(entries.filter((_, at) => found[at] === undefined).map(index.remove))
      const items = found.flatMap((account) => account ?? [])
      return { items, ...(next && { next }) }
    },
    async replacePasswordHash(uid, expected, next) {
      return (await run(connection, replacePasswordHash, [keys.account(uid)], [expected, next])) === 1
    },
    async change(uid, changes) {
      return (await run(connection, setAccountFields, [keys.account(uid)], changedFields(changes))) === 1
    },
    async endLegacyKeys(uid, at) {
      return (await run(connection, setAccountFields, [keys.account(uid)], ['legacy_keys_before', at])) === 1
    },
    async setPreferences(uid, changes) {
      const values = Object.entries(changes).flatMap(([name, value]) => [
        preferenceField(name),
        value === null ? '' : JSON.stringify(value),
      ])
      return (await run(connection, setAccountFields, [keys.account(uid)], values)) === 1
    },
    // The note first and the record last: what dies in between is still found, and repeating it finishes it.
    async beginDelete(uid, nameKey, now) {
      const account = toAccount(uid, await readFields(uid))
      if (!account) return (await connection.send(keys.departures, ['ZSCORE', keys.departures, uid])) !== null
      await connection.send(keys.departures, ['ZADD', keys.departures, 'NX', String(now), uid])
      await run(connection, freeName, [keys.name(nameKey)], [uid])
      await connection.send(keys.account(uid), ['DEL', keys.account(uid)])
      await index.remove(positionOf(account))
      return true
    },
    async finishDelete(uid) {
      await connection.send(keys.departures, ['ZREM', keys.departures, uid])
    },
    async listDeletions({ before, limit }) {
      const range = ['ZRANGEBYSCORE', keys.departures, '-inf', `(${before}`, 'LIMIT', '0', String(limit)]
      return textsOf(await connection.send(keys.departures, range))
    },
  }
}

const replacePasswordHash = script(`
if redis.call('HGET', KEYS[1], 'password_hash') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'password_hash', ARGV[2])
return 1`)

const freeName = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`)

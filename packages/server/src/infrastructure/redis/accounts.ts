import type { Account, Accounts } from '../../ports/accounts.ts'
import { type Fields, fieldsOf, numberOf, textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

export function createRedisAccounts({ connection, keys }: RedisRoom): Accounts {
  async function find(uid: string): Promise<Account | undefined> {
    return toAccount(uid, fieldsOf(await connection.send(keys.account(uid), ['HGETALL', keys.account(uid)])))
  }

  return {
    // The record first: nobody knows its uid yet, and a crash in between leaves no name that leads nowhere.
    async create(account, nameKey) {
      const [key, name] = [keys.account(account.uid), keys.name(nameKey)]
      await connection.send(key, ['HSET', key, ...toFields(account)])
      if ((await connection.send(name, ['SET', name, account.uid, 'NX'])) !== null) return true
      await connection.send(key, ['DEL', key])
      return false
    },
    find,
    async findByName(nameKey) {
      const name = keys.name(nameKey)
      const uid = textOf(await connection.send(name, ['GET', name]))
      return uid === undefined ? undefined : find(uid)
    },
    async replacePasswordHash(uid, expected, next) {
      return (await run(connection, replacePasswordHash, [keys.account(uid)], [expected, next])) === 1
    },
    async change(uid, { role, disabledAt, passwordHash }) {
      const values = Object.entries({ role, disabled_at: disabledAt, password_hash: passwordHash }).flatMap(
        ([field, value]) => (value === undefined ? [] : [field, value ?? '']),
      )
      return (await run(connection, setFields, [keys.account(uid)], values)) === 1
    },
    async endLegacyKeys(uid, at) {
      return (await run(connection, setFields, [keys.account(uid)], ['legacy_keys_before', at])) === 1
    },
    async setPreferences(uid, changes) {
      const values = Object.entries(changes).flatMap(([name, value]) => [
        preferenceField(name),
        value === null ? '' : JSON.stringify(value),
      ])
      return (await run(connection, setFields, [keys.account(uid)], values)) === 1
    },
  }
}

function toFields(account: Account): string[] {
  const { uid, username, passwordHash, createdAt, legacyKeysBefore, preferences = {}, role, disabledAt } = account
  const fields = ['uid', uid, 'username', username, 'created_at', String(createdAt)]
  if (passwordHash !== undefined) fields.push('password_hash', passwordHash)
  if (legacyKeysBefore !== undefined) fields.push('legacy_keys_before', String(legacyKeysBefore))
  if (role !== undefined) fields.push('role', role)
  if (disabledAt !== undefined) fields.push('disabled_at', String(disabledAt))
  for (const [name, value] of Object.entries(preferences)) fields.push(preferenceField(name), JSON.stringify(value))
  return fields
}

/** Records of the Flask project may lack anything but the hash itself. */
function toAccount(uid: string, fields: Fields): Account | undefined {
  if (Object.keys(fields).length === 0) return undefined
  return {
    uid,
    username: fields.username ?? '',
    createdAt: numberOf(fields.created_at),
    ...(fields.password_hash && { passwordHash: fields.password_hash }),
    ...(fields.legacy_keys_before !== undefined && { legacyKeysBefore: numberOf(fields.legacy_keys_before) }),
    ...preferencesIn(fields),
    ...(fields.role === 'admin' && { role: 'admin' }),
    ...(fields.disabled_at !== undefined && { disabledAt: numberOf(fields.disabled_at) }),
  }
}

/** Each preference is a field of its own, so that two changes at once both stay. */
const preferenceField = (name: string): string => `preference:${name}`

function preferencesIn(fields: Fields): Pick<Account, 'preferences'> {
  const set = Object.entries(fields).flatMap(([field, json]) =>
    field.startsWith('preference:') && json !== undefined
      ? [[field.slice('preference:'.length), JSON.parse(json)]]
      : [],
  )
  return set.length > 0 ? { preferences: Object.fromEntries(set) } : {}
}

const replacePasswordHash = script(`
if redis.call('HGET', KEYS[1], 'password_hash') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'password_hash', ARGV[2])
return 1`)

/** Sets fields, or deletes those whose value is empty. Never makes an account of one that was deleted meanwhile. */
const setFields = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
for at = 1, #ARGV, 2 do
  if ARGV[at + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[at])
  else redis.call('HSET', KEYS[1], ARGV[at], ARGV[at + 1]) end
end
return 1`)

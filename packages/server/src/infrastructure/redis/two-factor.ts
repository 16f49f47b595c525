import type { TwoFactor } from '../../ports/two-factor.ts'
import { fieldsOf, numberOf, textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/** One field for each recovery code, so that spending one is the deletion of a field. */
const recoveryPrefix = 'otp_recovery:'

/** Fields of the account's own hash, so that each change is one atomic step and nothing outlives the account. */
export function createRedisTwoFactor({ connection, keys }: RedisRoom): TwoFactor {
  const runOn = async (uid: string, change: typeof propose, ...values: (string | number)[]): Promise<boolean> =>
    (await run(connection, change, [keys.account(uid)], values)) === 1

  return {
    propose: (uid, secret) => runOn(uid, propose, secret),
    async findProposed(uid) {
      return textOf(await connection.send(keys.account(uid), ['HGET', keys.account(uid), 'otp_proposed']))
    },
    async find(uid) {
      const fields = fieldsOf(await connection.send(keys.account(uid), ['HGETALL', keys.account(uid)]))
      if (fields.otp_secret === undefined) return undefined
      const recoveryHashes = Object.keys(fields)
        .filter((field) => field.startsWith(recoveryPrefix))
        .map((field) => field.slice(recoveryPrefix.length))
      return { secret: fields.otp_secret, lastStep: numberOf(fields.otp_step), recoveryHashes }
    },
    activate: (uid, { secret, lastStep, recoveryHashes }) =>
      runOn(uid, activate, secret, lastStep, ...recoveryHashes.map((hash) => recoveryPrefix + hash)),
    acceptStep: (uid, { secret, step, resealed = secret }) => runOn(uid, acceptStep, secret, step, resealed),
    async spendRecoveryCode(uid, hash) {
      const key = keys.account(uid)
      return (await connection.send(key, ['HDEL', key, recoveryPrefix + hash])) === 1
    },
    delete: (uid) => runOn(uid, forget, recoveryPrefix),
  }
}

const propose = script(`
if redis.call('EXISTS', KEYS[1]) == 0 or redis.call('HEXISTS', KEYS[1], 'otp_secret') == 1 then return 0 end
redis.call('HSET', KEYS[1], 'otp_proposed', ARGV[1])
return 1`)

const activate = script(`
if redis.call('HGET', KEYS[1], 'otp_proposed') ~= ARGV[1] then return 0 end
redis.call('HDEL', KEYS[1], 'otp_proposed')
redis.call('HSET', KEYS[1], 'otp_secret', ARGV[1], 'otp_step', ARGV[2])
for at = 3, #ARGV do redis.call('HSET', KEYS[1], ARGV[at], '1') end
return 1`)

const acceptStep = script(`
local secret, last = unpack(redis.call('HMGET', KEYS[1], 'otp_secret', 'otp_step'))
if secret ~= ARGV[1] or tonumber(last) >= tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'otp_secret', ARGV[3], 'otp_step', ARGV[2])
return 1`)

const forget = script(`
local wasOn = redis.call('HEXISTS', KEYS[1], 'otp_secret')
redis.call('HDEL', KEYS[1], 'otp_proposed', 'otp_secret', 'otp_step')
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if field:sub(1, #ARGV[1]) == ARGV[1] then redis.call('HDEL', KEYS[1], field) end
end
return wasOn`)

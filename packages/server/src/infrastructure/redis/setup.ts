import type { Setup } from '../../ports/setup.ts'
import { setAccountFields } from './account-record.ts'
import { textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * The account is in another slot than the setup, so a claim is an ordered sequence: who it is, is decided in one step, then
 * the account gets its role, then the setup ends. What a crash leaves in between, the next start finishes.
 */
export function createRedisSetup({ connection, keys }: RedisRoom): Setup {
  async function end(): Promise<void> {
    await run(connection, finishSetup, [keys.setup], [])
  }

  /** Gives the winner of a claim the role; an account that is gone leaves the setup open. */
  async function finish(uid: string): Promise<boolean> {
    const isThere = (await run(connection, setAccountFields, [keys.account(uid)], ['role', 'admin'])) === 1
    if (isThere) await end()
    else await run(connection, release, [keys.setup], [uid])
    return isThere
  }

  async function beginOrFinish(nonce: string): Promise<string | undefined> {
    const [state, value = ''] = textsOf(await run(connection, begin, [keys.setup], [nonce]))
    if (state === 'claimed') return (await finish(value)) ? undefined : beginOrFinish(nonce)
    return state === 'open' ? value : undefined
  }

  return {
    begin: beginOrFinish,
    async claim(uid) {
      return (await run(connection, claim, [keys.setup], [uid])) === 1 && finish(uid)
    },
    end,
  }
}

const begin = script(`
if redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return {'ended'} end
local claimed = redis.call('HGET', KEYS[1], 'admin')
if claimed then return {'claimed', claimed} end
redis.call('HSETNX', KEYS[1], 'nonce', ARGV[1])
return {'open', redis.call('HGET', KEYS[1], 'nonce')}`)

const claim = script(`
if redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return 0 end
redis.call('HSETNX', KEYS[1], 'admin', ARGV[1])
return redis.call('HGET', KEYS[1], 'admin') == ARGV[1] and 1 or 0`)

/** What has done its work goes: nothing here names an account that may be deleted one day. */
const finishSetup = script(`
redis.call('HSET', KEYS[1], 'ended', '1')
return redis.call('HDEL', KEYS[1], 'admin', 'nonce')`)

const release = script(`
if redis.call('HGET', KEYS[1], 'admin') == ARGV[1] then redis.call('HDEL', KEYS[1], 'admin') end
return 1`)

import { positionOf } from '../../ports/account-order.ts'
import type { Account, AccountPosition } from '../../ports/accounts.ts'
import { textsOf } from './reply.ts'
import type { RedisRoom } from './room.ts'
import { run, script } from './script.ts'

/**
 * All accounts by name: the Flask project kept no list of them, and nothing here looks through the keyspace. The record says
 * by `listed` that it has its entry, so that each is entered once, when it is made or first found.
 */
export function createAccountIndex({ connection, keys }: RedisRoom) {
  return {
    /** Entry first, mark afterwards: a crash in between enters it once more, which changes nothing. */
    async add(account: Account): Promise<void> {
      await connection.send(keys.accounts, ['ZADD', keys.accounts, '0', entryOf(positionOf(account))])
      await run(connection, mark, [keys.account(account.uid)], [])
    },
    async remove(position: AccountPosition): Promise<void> {
      await connection.send(keys.accounts, ['ZREM', keys.accounts, entryOf(position)])
    },
    async page(prefix: string, limit: number, after: AccountPosition | undefined): Promise<IndexPage> {
      const from = after ? `(${entryOf(after)}` : `[${prefix}`
      // One more than asked tells whether there is a next page.
      const range = ['ZRANGEBYLEX', keys.accounts, from, '+', 'LIMIT', '0', String(limit + 1)]
      const found = textsOf(await connection.send(keys.accounts, range)).map(toPosition)
      const fitting = found.filter(({ name }) => name.startsWith(prefix))
      const entries = fitting.slice(0, limit)
      const last = entries.at(-1)
      return fitting.length > limit && last ? { entries, next: last } : { entries }
    },
  }
}

interface IndexPage {
  entries: AccountPosition[]
  next?: AccountPosition
}

/** NUL sorts before all that a name can hold, so the order is that of (name, uid). */
const entryOf = ({ name, uid }: AccountPosition): string => `${name}\0${uid}`

function toPosition(entry: string): AccountPosition {
  const [name = '', uid = ''] = entry.split('\0')
  return { name, uid }
}

/** Never makes an account of one that was deleted meanwhile. */
const mark = script(`
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
return redis.call('HSET', KEYS[1], 'listed', '1')`)

import type { Inventory } from '../../ports/inventory.ts'
import { toAccount } from './account-record.ts'
import { imageFields, imageOf } from './image-record.ts'
import { fieldsOf, textOf } from './reply.ts'
import type { RedisRoom } from './room.ts'

/** Looks through the keys themselves: of what the Flask project stored there is no list. A key may be met twice. */
export function createRedisInventory({ connection, keys }: RedisRoom): Inventory {
  /** What stands in the place of the star in keys like this one. */
  async function* found(keyLike: string): AsyncGenerator<{ key: string; name: string }[]> {
    const [start = '', end = ''] = keyLike.split('*')
    for await (const some of connection.scan(`${escaped(start)}*${escaped(end)}`))
      yield some.map((key) => ({ key, name: key.slice(start.length, key.length - end.length) }))
  }

  const readAccount = async (uid: string) =>
    toAccount(uid, fieldsOf(await connection.send(keys.account(uid), ['HGETALL', keys.account(uid)])))

  const readImage = async (key: string, id: string) => {
    // Somebody else's keys may look like ours and be of another type.
    const values = await connection.send(key, ['HMGET', key, ...imageFields]).catch(unlessOther)
    return imageOf(id, values)
  }

  return {
    async *accounts() {
      for await (const names of found(keys.name('*'))) {
        const read = names.map(async ({ key, name }) => {
          const uid = textOf(await connection.send(key, ['GET', key]).catch(unlessOther))
          const account = uid === undefined ? undefined : await readAccount(uid)
          return account ? [{ nameKey: name, account }] : []
        })
        yield* (await Promise.all(read)).flat()
      }
    },
    async *images() {
      for (const keyLike of [keys.image('*'), keys.trashed('*')]) {
        for await (const images of found(keyLike)) {
          const read = await Promise.all(images.map(({ key, name }) => readImage(key, name)))
          yield* read.filter((image) => image !== undefined)
        }
      }
    },
  }
}

/** Literally in a pattern of SCAN. */
const escaped = (text: string): string => text.replace(/[[\]*?^\\]/g, '\\$&')

function unlessOther(error: unknown): undefined {
  if (!(error instanceof Error) || !error.message.startsWith('WRONGTYPE')) throw error
}

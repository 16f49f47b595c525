import type { SQLOutputValue } from 'node:sqlite'
import type { Inventory } from '../../ports/inventory.ts'
import { accountColumns, type StoredAccount, toAccount } from './account-record.ts'
import { selected } from './columns.ts'
import { read } from './failure.ts'
import { selectImage, toImage } from './image-record.ts'
import type { SqliteRoom } from './room.ts'

/** Rows read at once: others are served in between. */
const step = 500

export function createSqliteInventory({ database }: SqliteRoom): Inventory {
  const accounts = database.prepare(
    `SELECT name_key, ${selected<StoredAccount>(accountColumns)} FROM accounts WHERE uid > ? ORDER BY uid LIMIT ${step}`,
  )
  const images = database.prepare(`${selectImage} WHERE id > ? AND deleting_since IS NULL ORDER BY id LIMIT ${step}`)

  async function* rows(statement: typeof accounts, name: string): AsyncGenerator<Record<string, SQLOutputValue>> {
    for (let after = ''; ; ) {
      const found = await read(() => statement.all(after))
      yield* found
      if (found.length < step) return
      after = String(found.at(-1)![name])
    }
  }

  return {
    async *accounts() {
      for await (const { name_key: nameKey, ...row } of rows(accounts, 'uid'))
        yield { nameKey: String(nameKey), account: toAccount(row)! }
    },
    async *images() {
      for await (const row of rows(images, 'id')) yield toImage(row)!
    },
  }
}

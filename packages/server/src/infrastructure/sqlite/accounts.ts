import type { Account, Accounts } from '../../ports/accounts.ts'
import { type Columns, inserted, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  uid: 'uid',
  username: 'username',
  passwordHash: 'password_hash',
  createdAt: 'created_at',
  legacyKeysBefore: 'legacy_keys_before',
} as const satisfies Columns<Account>

export function createSqliteAccounts({ database, writes }: SqliteRoom): Accounts {
  const create = database.prepare(
    `INSERT INTO accounts ${inserted<Account>(columns, 'name_key')} ON CONFLICT (name_key) DO NOTHING`,
  )
  const find = database.prepare(`SELECT ${selected<Account>(columns)} FROM accounts WHERE uid = ?`)
  const findByName = database.prepare(`SELECT ${selected<Account>(columns)} FROM accounts WHERE name_key = ?`)
  const replacePasswordHash = database.prepare(
    'UPDATE accounts SET password_hash = :next WHERE uid = :uid AND password_hash = :expected',
  )

  return {
    create: (account, nameKey) =>
      writes.run(() => create.run({ ...parameters<Account>(columns, account), name_key: nameKey }).changes === 1),
    find: (uid) => read(() => toAccount(find.get(uid))),
    findByName: (nameKey) => read(() => toAccount(findByName.get(nameKey))),
    replacePasswordHash: (uid, expected, next) =>
      writes.run(() => replacePasswordHash.run({ uid, expected, next }).changes === 1),
  }
}

const toAccount = (row: Parameters<typeof record>[0] | undefined): Account | undefined => row && record<Account>(row)

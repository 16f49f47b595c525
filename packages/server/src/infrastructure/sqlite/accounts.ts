import type { Account, Accounts } from '../../ports/accounts.ts'
import { type Columns, inserted, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

type StoredAccount = Omit<Account, 'preferences'> & { preferences?: string }

const columns = {
  uid: 'uid',
  username: 'username',
  passwordHash: 'password_hash',
  createdAt: 'created_at',
  legacyKeysBefore: 'legacy_keys_before',
  preferences: 'preferences',
  role: 'role',
  disabledAt: 'disabled_at',
} as const satisfies Columns<StoredAccount>

export function createSqliteAccounts({ database, writes }: SqliteRoom): Accounts {
  const create = database.prepare(
    `INSERT INTO accounts ${inserted<StoredAccount>(columns, 'name_key')} ON CONFLICT (name_key) DO NOTHING`,
  )
  const find = database.prepare(`SELECT ${selected<StoredAccount>(columns)} FROM accounts WHERE uid = ?`)
  const findByName = database.prepare(`SELECT ${selected<StoredAccount>(columns)} FROM accounts WHERE name_key = ?`)
  const replacePasswordHash = database.prepare(
    'UPDATE accounts SET password_hash = :next WHERE uid = :uid AND password_hash = :expected',
  )
  // RFC 7396: null removes a name, everything else is merged.
  const setPreferences = database.prepare(
    "UPDATE accounts SET preferences = json_patch(coalesce(preferences, '{}'), :changes) WHERE uid = :uid",
  )

  const change = database.prepare(
    `UPDATE accounts SET role = iif(:setsRole, :role, role), disabled_at = iif(:setsDisabled, :disabledAt, disabled_at),
       password_hash = coalesce(:passwordHash, password_hash)
     WHERE uid = :uid`,
  )
  const endLegacyKeys = database.prepare('UPDATE accounts SET legacy_keys_before = ? WHERE uid = ?')

  return {
    create: (account, nameKey) =>
      writes.run(
        () => create.run({ ...parameters<StoredAccount>(columns, toStored(account)), name_key: nameKey }).changes === 1,
      ),
    find: (uid) => read(() => toAccount(find.get(uid))),
    findByName: (nameKey) => read(() => toAccount(findByName.get(nameKey))),
    replacePasswordHash: (uid, expected, next) =>
      writes.run(() => replacePasswordHash.run({ uid, expected, next }).changes === 1),
    change: (uid, { role, disabledAt, passwordHash = null }) => {
      const sets = { setsRole: Number(role !== undefined), setsDisabled: Number(disabledAt !== undefined) }
      const values = { uid, role: role ?? null, disabledAt: disabledAt ?? null, passwordHash }
      return writes.run(() => change.run({ ...sets, ...values }).changes === 1)
    },
    endLegacyKeys: (uid, at) => writes.run(() => endLegacyKeys.run(at, uid).changes === 1),
    setPreferences: (uid, changes) =>
      writes.run(() => setPreferences.run({ uid, changes: JSON.stringify(changes) }).changes === 1),
  }
}

const toStored = ({ preferences, ...account }: Account): StoredAccount => ({
  ...account,
  ...(preferences && { preferences: JSON.stringify(preferences) }),
})

function toAccount(row: Parameters<typeof record>[0] | undefined): Account | undefined {
  if (!row) return undefined
  const { preferences, ...account } = record<StoredAccount>(row)
  return {
    ...account,
    ...(preferences !== undefined && preferences !== '{}' && { preferences: JSON.parse(preferences) }),
  }
}

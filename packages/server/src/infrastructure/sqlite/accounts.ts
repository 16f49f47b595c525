import { positionOf, sortName } from '../../ports/account-order.ts'
import type { AccountChanges, AccountPage, AccountPosition, Accounts } from '../../ports/accounts.ts'
import { accountColumns, parametersOf, type StoredAccount, toAccount } from './account-record.ts'
import { inserted, limited, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

export function createSqliteAccounts({ database, writes }: SqliteRoom): Accounts {
  const select = `SELECT ${selected<StoredAccount>(accountColumns)} FROM accounts`
  const create = database.prepare(
    `INSERT INTO accounts ${inserted<StoredAccount>(accountColumns, 'name_key', 'sort_name')}
     ON CONFLICT (name_key) DO NOTHING`,
  )
  const noteFirst = database.prepare(
    `INSERT INTO setup (id, had_accounts) VALUES (1, 1)
     ON CONFLICT (id) DO UPDATE SET had_accounts = 1 WHERE had_accounts = 0`,
  )
  const endSetup = database.prepare('UPDATE setup SET ended = 1 WHERE ended = 0')
  const grant = database.prepare("UPDATE accounts SET role = 'admin' WHERE uid = ?")
  const find = database.prepare(`${select} WHERE uid = ?`)
  const findByName = database.prepare(`${select} WHERE name_key = ?`)
  const following = database.prepare(
    `${select} WHERE (sort_name, uid) > (:name, :uid) ORDER BY sort_name, uid ${limited}`,
  )
  const replacePasswordHash = database.prepare(
    'UPDATE accounts SET password_hash = :next WHERE uid = :uid AND password_hash = :expected',
  )
  // RFC 7396: null removes a name, everything else is merged.
  const setPreferences = database.prepare(
    "UPDATE accounts SET preferences = json_patch(coalesce(preferences, '{}'), :changes) WHERE uid = :uid",
  )
  const change = database.prepare(
    `UPDATE accounts SET ${changeable
      .map((field) => `${accountColumns[field]} = iif(:sets_${field}, :${field}, ${accountColumns[field]})`)
      .join(', ')} WHERE uid = :uid`,
  )
  const endLegacyKeys = database.prepare('UPDATE accounts SET legacy_keys_before = ? WHERE uid = ?')
  const remove = database.prepare('DELETE FROM accounts WHERE uid = ?')
  const depart = database.prepare('INSERT INTO departures (uid, since) VALUES (?, ?) ON CONFLICT (uid) DO NOTHING')
  const isDeparting = database.prepare('SELECT 1 FROM departures WHERE uid = ?')
  const forget = database.prepare('DELETE FROM departures WHERE uid = ?')
  const departures = database.prepare('SELECT uid FROM departures WHERE since < ? ORDER BY since, uid LIMIT ?')

  function listNow(prefix: string, limit: number, after: AccountPosition | undefined): AccountPage {
    // Nobody has an empty uid, so this is before the first that fits. One more than asked tells whether there is a next page.
    const { name, uid } = after ?? { name: prefix, uid: '' }
    const found = following.all({ name, uid, limit: limit + 1 }).flatMap((row) => toAccount(row) ?? [])
    const fitting = found.filter(({ username }) => sortName(username).startsWith(prefix))
    const items = fitting.slice(0, limit)
    const last = items.at(-1)
    return fitting.length > limit && last ? { items, next: positionOf(last) } : { items }
  }

  return {
    create: (account, nameKey, { firstIsAdmin = false } = {}) => {
      const values = [...parametersOf(account), nameKey, sortName(account.username)]
      return writes.run(() => {
        if (create.run(...values).changes !== 1) return false
        const isFirst = noteFirst.run().changes === 1
        if (isFirst && firstIsAdmin && endSetup.run().changes === 1) grant.run(account.uid)
        return true
      })
    },
    find: (uid) => read(() => toAccount(find.get(uid))),
    findByName: (nameKey) => read(() => toAccount(findByName.get(nameKey))),
    list: ({ prefix, limit, after }) => read(() => listNow(prefix, limit, after)),
    replacePasswordHash: (uid, expected, next) =>
      writes.run(() => replacePasswordHash.run({ uid, expected, next }).changes === 1),
    change: (uid, changes) => writes.run(() => change.run({ uid, ...changeParameters(changes) }).changes === 1),
    endLegacyKeys: (uid, at) => writes.run(() => endLegacyKeys.run(at, uid).changes === 1),
    setPreferences: (uid, changes) =>
      writes.run(() => setPreferences.run({ uid, changes: JSON.stringify(changes) }).changes === 1),
    beginDelete: (uid, _nameKey, now) =>
      writes.run(() => {
        if (remove.run(uid).changes === 0) return isDeparting.get(uid) !== undefined
        depart.run(uid, now)
        return true
      }),
    async finishDelete(uid) {
      await writes.run(() => forget.run(uid))
    },
    listDeletions: ({ before, limit }) =>
      read(() => departures.all(before, limit).map((row) => record<{ uid: string }>(row).uid)),
  }
}

const changeable = ['role', 'disabledAt', 'passwordHash', 'quotaBytes', 'quotaImages', 'quotaDrafts'] as const

function changeParameters({ quota = {}, ...changes }: AccountChanges): Record<string, string | number | null> {
  const values = { ...changes, quotaBytes: quota.bytes, quotaImages: quota.images, quotaDrafts: quota.drafts }
  const named: Partial<Record<(typeof changeable)[number], string | number | null | undefined>> = values
  return Object.fromEntries(
    changeable.flatMap((field) => [
      [`sets_${field}`, Number(named[field] !== undefined)],
      [field, named[field] ?? null],
    ]),
  )
}

import type { SQLOutputValue } from 'node:sqlite'
import { scopes as knownScopes, type Scope } from '@imagehost/contract/scopes'
import type { Token, Tokens } from '../../ports/tokens.ts'
import { type Columns, inserted, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

/** As it is stored: the scopes in one column, separated by spaces, which no scope contains. */
type StoredToken = Omit<Token, 'scopes'> & { scopes: string }

const columns = {
  hash: 'hash',
  id: 'id',
  uid: 'uid',
  kind: 'kind',
  name: 'name',
  scopes: 'scopes',
  createdAt: 'created_at',
  lastUsedAt: 'last_used_at',
  expiresAt: 'expires_at',
  userAgent: 'user_agent',
  confirmedAt: 'confirmed_at',
} as const satisfies Columns<StoredToken>

export function createSqliteTokens({ database, writes }: SqliteRoom): Tokens {
  const create = database.prepare(`INSERT INTO tokens ${inserted<StoredToken>(columns)}`)
  const hasPassword = database.prepare('SELECT 1 FROM accounts WHERE uid = ? AND password_hash = ?')
  const trim = database.prepare(
    `DELETE FROM tokens WHERE hash IN (
       SELECT hash FROM tokens WHERE uid = :uid AND kind = :kind AND hash <> :hash
       ORDER BY coalesce(last_used_at, created_at) DESC, created_at DESC, id DESC LIMIT -1 OFFSET :others)`,
  )
  const findByHash = database.prepare(`SELECT ${selected<StoredToken>(columns)} FROM tokens WHERE hash = ?`)
  const touch = database.prepare('UPDATE tokens SET last_used_at = :lastUsedAt WHERE hash = :hash')
  const confirm = database.prepare('UPDATE tokens SET confirmed_at = :confirmedAt WHERE hash = :hash')
  const list = database.prepare(
    `SELECT ${selected<StoredToken>(columns)} FROM tokens WHERE uid = ? ORDER BY created_at DESC, id DESC`,
  )
  const remove = database.prepare('DELETE FROM tokens WHERE uid = ? AND id = ?')

  return {
    create: (token, { keepNewest, passwordHash } = {}) =>
      writes.run(() => {
        if (passwordHash !== undefined && !hasPassword.get(token.uid, passwordHash)) return false
        create.run(...parameters<StoredToken>(columns, { ...token, scopes: token.scopes.join(' ') }))
        if (keepNewest === undefined) return true
        trim.run({ uid: token.uid, kind: token.kind, hash: token.hash, others: Math.max(0, keepNewest - 1) })
        return true
      }),
    findByHash: (hash) =>
      read(() => {
        const row = findByHash.get(hash)
        return row && toToken(row)
      }),
    async touch(hash, lastUsedAt) {
      await writes.run(() => touch.run({ hash, lastUsedAt }))
    },
    confirm: (hash, confirmedAt) => writes.run(() => confirm.run({ hash, confirmedAt }).changes === 1),
    list: (uid) => read(() => list.all(uid).map(toToken)),
    delete: (uid, id) => writes.run(() => remove.run(uid, id).changes === 1),
  }
}

function toToken(row: Record<string, SQLOutputValue>): Token {
  const stored = record<StoredToken>(row)
  return { ...stored, scopes: stored.scopes.split(' ').filter(isScope) }
}

const isScope = (word: string): word is Scope => Object.hasOwn(knownScopes, word)

import type { Setup } from '../../ports/setup.ts'
import type { SqliteRoom } from './room.ts'

/** One row; the account that was created first is noted there by who creates accounts. */
export function createSqliteSetup({ database, writes }: SqliteRoom): Setup {
  const begin = database.prepare(
    `INSERT INTO setup (id, nonce) VALUES (1, ?)
     ON CONFLICT (id) DO UPDATE SET nonce = coalesce(nonce, excluded.nonce) RETURNING nonce, ended`,
  )
  const state = database.prepare('SELECT first_uid, ended FROM setup WHERE id = 1')
  const grant = database.prepare("UPDATE accounts SET role = 'admin' WHERE uid = ?")
  const end = database.prepare('INSERT INTO setup (id, ended) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET ended = 1')

  function claimNow(uid: string, asFirst: boolean): boolean {
    const { first_uid: first, ended } = state.get() ?? {}
    if (ended === 1 || (asFirst && first !== uid)) return false
    if (grant.run(uid).changes !== 1) return false
    end.run()
    return true
  }

  return {
    begin: (nonce) =>
      writes.run(() => {
        const { nonce: kept, ended } = begin.get(nonce) ?? {}
        return ended === 1 ? undefined : String(kept)
      }),
    claim: (uid, { asFirst = false } = {}) => writes.run(() => claimNow(uid, asFirst)),
    async end() {
      await writes.run(() => end.run())
    },
  }
}

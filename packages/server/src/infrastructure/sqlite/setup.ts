import type { Setup } from '../../ports/setup.ts'
import type { SqliteRoom } from './room.ts'

/** One row; that there was an account is noted there by who creates them. */
export function createSqliteSetup({ database, writes }: SqliteRoom): Setup {
  const begin = database.prepare(
    `INSERT INTO setup (id, nonce) VALUES (1, ?)
     ON CONFLICT (id) DO UPDATE SET nonce = coalesce(nonce, excluded.nonce) RETURNING nonce, ended`,
  )
  const state = database.prepare('SELECT ended FROM setup WHERE id = 1')
  const grant = database.prepare("UPDATE accounts SET role = 'admin' WHERE uid = ?")
  const end = database.prepare('INSERT INTO setup (id, ended) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET ended = 1')

  function claimNow(uid: string): boolean {
    if (state.get()?.ended === 1 || grant.run(uid).changes !== 1) return false
    end.run()
    return true
  }

  return {
    begin: (nonce) =>
      writes.run(() => {
        const { nonce: kept, ended } = begin.get(nonce) ?? {}
        return ended === 1 ? undefined : String(kept)
      }),
    claim: (uid) => writes.run(() => claimNow(uid)),
    async end() {
      await writes.run(() => end.run())
    },
  }
}

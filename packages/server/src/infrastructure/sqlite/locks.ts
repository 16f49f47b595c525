import type { Locks } from '../../ports/locks.ts'
import type { SqliteRoom } from './room.ts'

export function createSqliteLocks({ database, writes }: SqliteRoom): Locks {
  const acquire = database.prepare(
    `INSERT INTO locks (name, holder, lease_until) VALUES (:name, :holder, :leaseUntil)
     ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
     WHERE holder = excluded.holder OR lease_until <= :now`,
  )
  const release = database.prepare('DELETE FROM locks WHERE name = ? AND holder = ?')

  return {
    acquire: (name, holder, { now, leaseUntil }) =>
      writes.run(() => acquire.run({ name, holder, now, leaseUntil }).changes === 1),
    async release(name, holder) {
      await writes.run(() => release.run(name, holder))
    },
  }
}

import type { SQLOutputValue } from 'node:sqlite'
import type { Audit, AuditEntry, AuditRange } from '../../ports/audit.ts'
import { limited } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

/** Old entries removed in one go: other writes wait so long. */
const trimRows = 5_000

export function createSqliteAudit({ database, writes }: SqliteRoom): Audit {
  // Behind the last one, also where its second has not come yet by the clock of whoever writes this one.
  const append = database.prepare(
    `WITH last AS (SELECT at, number FROM audit ORDER BY at DESC, number DESC LIMIT 1),
          place AS (SELECT max(:at, coalesce((SELECT at FROM last), 0)) AS at)
     INSERT INTO audit (at, number, entry)
     SELECT place.at, coalesce((SELECT number + 1 FROM last WHERE last.at = place.at), 0), :entry FROM place`,
  )
  const page = (after: string, order: string) =>
    database.prepare(
      `SELECT at, number, entry FROM audit WHERE at >= :from AND at < :to AND ${after} ORDER BY ${order} ${limited}`,
    )
  const pages: Record<AuditRange['order'], ReturnType<typeof page>> = {
    'oldest first': page('(at, number) > (:at, :number)', 'at, number'),
    'newest first': page('(at, number) < (:at, :number)', 'at DESC, number DESC'),
  }
  const trim = database.prepare(
    'DELETE FROM audit WHERE (at, number) IN (SELECT at, number FROM audit WHERE at < ? ORDER BY at, number LIMIT ?)',
  )

  return {
    async append({ at, ...entry }) {
      await writes.run(() => append.run({ at, entry: JSON.stringify(entry) }))
    },
    list: ({ order, limit, after, from = 0, to = latest }) =>
      read(() => {
        const [at, number] = after?.split('-').map(Number) ?? (order === 'oldest first' ? [-1, 0] : [latest, 0])
        return pages[order].all({ at: at!, number: number!, from, to, limit }).map(toEntry)
      }),
    async trim(before) {
      await writes.run(() => trim.run(before, trimRows))
    },
  }
}

/** No second comes after it. */
const latest = Number.MAX_SAFE_INTEGER

const toEntry = ({ at, number, entry }: Record<string, SQLOutputValue>): AuditEntry => ({
  id: `${at}-${number}`,
  at: Number(at),
  ...JSON.parse(String(entry)),
})

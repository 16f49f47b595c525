import type { Report, Reports } from '../../ports/reports.ts'
import { type Columns, inserted, limited, parameters, record, selected } from './columns.ts'
import { read } from './failure.ts'
import type { SqliteRoom } from './room.ts'

const columns = {
  id: 'id',
  imageId: 'image_id',
  sourceSha256: 'source_sha256',
  network: 'network',
  reason: 'reason',
  message: 'message',
  email: 'email',
  createdAt: 'created_at',
  outcome: 'outcome',
  resolvedAt: 'resolved_at',
  resolvedBy: 'resolved_by',
  notifiedAt: 'notified_at',
  failedNotices: 'failed_notices',
} as const satisfies Columns<Report>

/** Old reports removed in one go: other writes wait so long. */
const trimRows = 500

export function createSqliteReports({ database, writes }: SqliteRoom): Reports {
  const select = `SELECT ${selected<Report>(columns)} FROM reports`
  const create = database.prepare(
    `INSERT INTO reports ${inserted<Report>(columns, 'notice_due_at')} ON CONFLICT DO NOTHING`,
  )
  const find = database.prepare(`${select} WHERE id = ?`)
  const pageOf = (status: string) =>
    database.prepare(
      `${select} WHERE ${status} AND (created_at, id) < (:createdAt, :id) ORDER BY created_at DESC, id DESC ${limited}`,
    )
  const pages = { open: pageOf('outcome IS NULL'), resolved: pageOf('outcome IS NOT NULL') }
  const countOpen = database.prepare('SELECT count(*) AS open FROM reports WHERE image_id = ? AND outcome IS NULL')
  const resolution = 'SET outcome = :outcome, resolved_at = :at, resolved_by = :by'
  const resolveOpen = database.prepare(`UPDATE reports ${resolution} WHERE image_id = :imageId AND outcome IS NULL`)
  const resolveOne = database.prepare(`UPDATE reports ${resolution} WHERE id = :reportId`)
  const notices = database.prepare(`${select} WHERE notice_due_at <= :now ORDER BY notice_due_at, id ${limited}`)
  const deferNotice = database.prepare(
    `UPDATE reports SET notice_due_at = :dueAt, failed_notices = coalesce(failed_notices, 0) + 1
     WHERE id = :id AND notice_due_at IS NOT NULL`,
  )
  const endNotice = database.prepare(
    'UPDATE reports SET notice_due_at = NULL, notified_at = coalesce(:notifiedAt, notified_at) WHERE id = :id',
  )
  const trim = database.prepare(
    `DELETE FROM reports WHERE id IN (
       SELECT id FROM reports WHERE outcome IS NOT NULL AND created_at < ? ORDER BY created_at, id LIMIT ?)`,
  )

  const openNow = (imageId: string): number => Number(countOpen.get(imageId)?.open)

  return {
    create: (report, { maxOpen, noticeDueAt = null }) =>
      writes.run(() => {
        if (openNow(report.imageId) >= maxOpen) return false
        return create.run(...parameters<Report>(columns, report), noticeDueAt).changes === 1
      }),
    find: (id) =>
      read(() => {
        const row = find.get(id)
        return row && record<Report>(row)
      }),
    list: ({ status, limit, after = { createdAt: Number.MAX_SAFE_INTEGER, id: '' } }) =>
      read(() => {
        // One more than asked tells whether there is a next page.
        const rows = pages[status].all({ ...after, limit: limit + 1 }).map((row) => record<Report>(row))
        const items = rows.slice(0, limit)
        const last = items.at(-1)
        return rows.length > limit && last ? { items, next: { createdAt: last.createdAt, id: last.id } } : { items }
      }),
    countOpen: (imageId) => read(() => openNow(imageId)),
    async resolve({ imageId, reportId }, { outcome, at, by = null }) {
      // Every deletion of an image asks, and few have reports: a look costs nothing, a transaction waits for the disk.
      if (reportId === undefined && (await read(() => openNow(imageId))) === 0) return 0
      return writes.run(() => {
        const { changes } = resolveOpen.run({ imageId, outcome, at, by })
        if (reportId !== undefined) resolveOne.run({ reportId, outcome, at, by })
        return Number(changes)
      })
    },
    listNotices: (page) => read(() => notices.all(page).map((row) => record<Report>(row))),
    async deferNotice(id, dueAt) {
      await writes.run(() => deferNotice.run({ id, dueAt }))
    },
    async endNotice(id, notifiedAt) {
      await writes.run(() => endNotice.run({ id, notifiedAt: notifiedAt ?? null }))
    },
    async trim(before) {
      await writes.run(() => trim.run(before, trimRows))
    },
  }
}

import { AppError } from '@imagehost/contract/errors'
import type { ReportAction } from '@imagehost/contract/reports'
import type { Accounts } from '../ports/accounts.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord, Images as ImagesPort } from '../ports/images.ts'
import type { Report, ReportReason, Reports as ReportsPort } from '../ports/reports.ts'
import { type Caller, canSee } from './access.ts'
import type { Blocklist } from './blocklist.ts'
import { parseCursor, printCursor } from './cursor.ts'
import { newReportId } from './ids.ts'
import type { ImageReader } from './image-reader.ts'
import type { Images } from './images.ts'
import { networkOf } from './network.ts'
import type { ReportNotices } from './report-notices.ts'

/** Reports of one image that wait at a time: a hundred networks have said what a thousand could, and a botnet fills nothing. */
const maxOpenPerImage = 100

export type Reports = ReturnType<typeof createReports>

/** A report, and what there is to know of its image. */
export interface Reported {
  report: Report
  image?: ImageRecord
  /** Of the owner. */
  username?: string
  openReports: number
}

interface Complaint {
  reason: ReportReason
  message?: string | undefined
  email?: string | undefined
}

/** What visitors say is wrong with images, and what administrators do about it. */
export function createReports(deps: {
  reports: ReportsPort
  records: ImagesPort
  accounts: Accounts
  reader: ImageReader
  images: Pick<Images, 'erase' | 'setHidden'>
  blocklist: Pick<Blocklist, 'add'>
  notices: ReportNotices
  clock: Clock
}) {
  const { reports, records, accounts, reader, images, blocklist, notices, clock } = deps

  /**
   * Stores a report of an image that everybody may see; one more of the same network changes nothing, and is not told apart.
   * Throws `not_found`.
   */
  async function create(imageId: string, { reason, message, email }: Complaint, address: string): Promise<void> {
    const image = await reader.get(imageId)
    if (!image || !canSee(undefined, image)) throw new AppError('not_found')
    const report: Report = {
      id: newReportId(),
      imageId,
      ...(image.sourceSha256 !== undefined && { sourceSha256: image.sourceSha256 }),
      network: networkOf(address),
      reason,
      ...(message && { message }),
      ...(email && { email }),
      createdAt: unixSeconds(clock),
    }
    const noticeDueAt = notices.firstDueAt()
    const terms = { maxOpen: maxOpenPerImage, ...(noticeDueAt !== undefined && { noticeDueAt }) }
    if (!(await reports.create(report, terms))) return
    notices.announce(report)
    // What was read may have been deleted since, and whoever did that has looked for reports before this one was there.
    if (!(await records.find(imageId))) await reports.resolve({ imageId }, { outcome: 'gone', at: unixSeconds(clock) })
  }

  /** A page, newest first. Throws `validation` for a cursor that is not ours. */
  async function list(page: {
    status: 'open' | 'resolved'
    limit: number
    cursor?: string | undefined
  }): Promise<{ items: Reported[]; nextCursor?: string }> {
    const { status, limit, cursor } = page
    const after = cursor === undefined ? undefined : parseCursor(cursor)
    const { items, next } = await reports.list({ status, limit, ...(after && { after }) })
    return { items: await Promise.all(items.map(withImage)), ...(next && { nextCursor: printCursor(next) }) }
  }

  async function withImage(report: Report): Promise<Reported> {
    const [image, openReports] = await Promise.all([records.find(report.imageId), reports.countOpen(report.imageId)])
    if (!image) return { report, openReports }
    const username = (await accounts.find(image.ownerUid))?.username
    return { report, image, ...(username !== undefined && { username }), openReports }
  }

  /** The image first, the reports after it: what a failure leaves open can be repeated. Throws `not_found`. */
  async function resolve(caller: Caller, id: string, action: ReportAction): Promise<Reported> {
    const report = await reports.find(id)
    if (!report) throw new AppError('not_found')
    await actions[action](caller, report)
    const { imageId } = report
    await reports.resolve({ imageId, reportId: id }, { outcome: action, at: unixSeconds(clock), by: caller.uid })
    return withImage((await reports.find(id)) ?? report)
  }

  const actions: Readonly<Record<ReportAction, (caller: Caller, report: Report) => Promise<void>>> = {
    hide: (_, { imageId }) => setHidden(imageId, true),
    restore: (_, { imageId }) => setHidden(imageId, false),
    delete: async ({ uid }, { imageId }) => {
      await images.erase(imageId, { outcome: 'delete', by: uid })
    },
    block: async (caller, { id, imageId, sourceSha256, reason }) => {
      if (sourceSha256 === undefined) throw new AppError('invalid_record', { details: { field: 'source_sha256' } })
      await blocklist.add(caller, { sha256: sourceSha256, reason: `${reason}: ${id}` })
      await images.erase(imageId, { outcome: 'block', by: caller.uid })
    },
    dismiss: async () => {},
  }

  async function setHidden(imageId: string, hidden: boolean): Promise<void> {
    if (!(await images.setHidden(imageId, hidden))) throw new AppError('not_found', { message: 'The image is gone.' })
  }

  return { create, list, resolve }
}

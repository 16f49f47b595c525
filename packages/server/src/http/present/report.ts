import type { Report as Wire } from '@imagehost/contract/reports'
import type { Report } from '../../ports/reports.ts'
import { visibilityOf } from '../../services/access.ts'
import type { Reported } from '../../services/reports.ts'

/** A report as administrators see it. */
export function presentReport({ report, image, username, openReports }: Reported, baseUrl: string): Wire {
  const { resolvedAt, resolvedBy, notifiedAt, network, outcome } = report
  return {
    ...presentComplaint(report),
    ...(image && {
      image: {
        url: imageUrl(baseUrl, image.id),
        owner_uid: image.ownerUid,
        ...(username !== undefined && { username }),
        filename: image.filename,
        mime: image.mime,
        visibility: visibilityOf(image),
        ...(image.hiddenAt !== undefined && { hidden_at: image.hiddenAt }),
        ...(image.sha256 !== undefined && { sha256: image.sha256 }),
        ...(image.sourceSha256 !== undefined && { source_sha256: image.sourceSha256 }),
        open_reports: openReports,
      },
    }),
    network,
    status: outcome === undefined ? 'open' : 'resolved',
    ...(outcome !== undefined && { outcome }),
    ...(resolvedAt !== undefined && { resolved_at: resolvedAt }),
    ...(resolvedBy !== undefined && { resolved_by: resolvedBy }),
    ...(notifiedAt !== undefined && { notified_at: notifiedAt }),
  }
}

/** What the webhook gets: without a PUBLIC_URL nobody knows the address of the image. */
export const presentNotice = (report: Report, publicUrl: string | undefined) => ({
  event: 'report.created',
  report: {
    ...presentComplaint(report),
    ...(publicUrl !== undefined && { image_url: imageUrl(publicUrl, report.imageId) }),
  },
})

const presentComplaint = ({ id, imageId, reason, message, email, createdAt }: Report) => ({
  id,
  image_id: imageId,
  reason,
  ...(message !== undefined && { message }),
  ...(email !== undefined && { email }),
  created_at: createdAt,
})

const imageUrl = (baseUrl: string, id: string): string => `${baseUrl}/i/${id}`

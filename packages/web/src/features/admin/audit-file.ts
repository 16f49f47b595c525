import { AppError } from '@imagehost/contract'
import type { client } from '../../lib/client.ts'
import { saveFile } from '../../lib/save-file.ts'

export type AuditFilters = Pick<
  NonNullable<NonNullable<Parameters<typeof client.audit.list>[0]>['query']>,
  'action' | 'actor' | 'from' | 'to'
>

/** All of what the filters leave, one entry in each line. The SDK speaks in documents, so this is asked for by hand. */
export async function downloadAudit(filters: AuditFilters): Promise<void> {
  const query = new URLSearchParams(Object.entries(filters).map(([name, value]) => [name, String(value)]))
  const answer = await fetch(`/api/v1/admin/audit?${query}`, { headers: { accept: 'application/x-ndjson' } })
  if (!answer.ok) throw new AppError('internal_error')
  const url = URL.createObjectURL(await answer.blob())
  saveFile(url, 'audit.ndjson')
  URL.revokeObjectURL(url)
}

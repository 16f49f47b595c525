import type { AuditEntry as Wire } from '@imagehost/contract/audit'
import type { AuditEntry } from '../../ports/audit.ts'

export const presentAuditEntry = ({ keyId, details, ...entry }: AuditEntry): Wire => ({
  ...entry,
  ...(keyId !== undefined && { key_id: keyId }),
  ...(details && { details: { ...details } }),
})

import type { BlockedSource as Wire } from '@imagehost/contract/blocklist'
import type { BlockedSource } from '../../ports/blocklist.ts'

export const presentBlocked = ({ sha256, reason, createdAt, addedBy }: BlockedSource): Wire => ({
  sha256,
  ...(reason !== undefined && { reason }),
  created_at: createdAt,
  added_by: addedBy,
})

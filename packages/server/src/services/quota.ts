import type { Settings } from '@imagehost/contract/settings'
import type { AccountQuota } from '../ports/accounts.ts'
import type { DraftLimits } from '../ports/uploads.ts'

/** What an account may hold: by its own quota, else by the settings. */
export function limitsOf(quota: AccountQuota = {}, settings: Settings): Omit<DraftLimits, 'reserveBytes'> {
  const maxBytes = quota.bytes ?? settings.quota_bytes
  const maxImages = quota.images ?? settings.quota_images
  return {
    maxDrafts: quota.drafts ?? settings.quota_drafts,
    ...(maxBytes > 0 && { maxBytes }),
    ...(maxImages > 0 && { maxImages }),
  }
}

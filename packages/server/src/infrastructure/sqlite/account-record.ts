import type { SQLInputValue, SQLOutputValue } from 'node:sqlite'
import type { Account, AccountQuota } from '../../ports/accounts.ts'
import { type Columns, parameters, record } from './columns.ts'

/** As it is stored: the preferences as JSON, and the parts of the quota in columns of their own. */
export type StoredAccount = Omit<Account, 'preferences' | 'quota'> & {
  preferences?: string
  quotaBytes?: number
  quotaImages?: number
  quotaDrafts?: number
}

export const accountColumns = {
  uid: 'uid',
  username: 'username',
  passwordHash: 'password_hash',
  createdAt: 'created_at',
  legacyKeysBefore: 'legacy_keys_before',
  preferences: 'preferences',
  role: 'role',
  disabledAt: 'disabled_at',
  quotaBytes: 'quota_bytes',
  quotaImages: 'quota_images',
  quotaDrafts: 'quota_drafts',
} as const satisfies Columns<StoredAccount>

export function parametersOf({ preferences, quota = {}, ...account }: Account): SQLInputValue[] {
  return parameters<StoredAccount>(accountColumns, {
    ...account,
    ...(preferences && { preferences: JSON.stringify(preferences) }),
    ...(quota.bytes !== undefined && { quotaBytes: quota.bytes }),
    ...(quota.images !== undefined && { quotaImages: quota.images }),
    ...(quota.drafts !== undefined && { quotaDrafts: quota.drafts }),
  })
}

export function toAccount(row: Record<string, SQLOutputValue> | undefined): Account | undefined {
  if (!row) return undefined
  const { preferences, quotaBytes, quotaImages, quotaDrafts, ...account } = record<StoredAccount>(row)
  const quota: AccountQuota = {
    ...(quotaBytes !== undefined && { bytes: quotaBytes }),
    ...(quotaImages !== undefined && { images: quotaImages }),
    ...(quotaDrafts !== undefined && { drafts: quotaDrafts }),
  }
  return {
    ...account,
    ...(preferences !== undefined && preferences !== '{}' && { preferences: JSON.parse(preferences) }),
    ...(Object.keys(quota).length > 0 && { quota }),
  }
}

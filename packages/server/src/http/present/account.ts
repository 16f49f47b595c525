import { withDefaults } from '@imagehost/contract/preferences'
import type { Account } from '../../ports/accounts.ts'

/** The account as its owner sees it: never a hash. */
export const presentAccount = ({ uid, username, createdAt, role, preferences = {} }: Account) => ({
  uid,
  username,
  created_at: createdAt,
  ...(role !== undefined && { role }),
  preferences: withDefaults(preferences),
})

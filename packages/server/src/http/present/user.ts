import type { User as UserOnWire } from '@imagehost/contract/users'
import type { User } from '../../services/users.ts'

/** The account as administrators see it: never a hash. */
export const presentUser = ({ account, usage }: User): UserOnWire => ({
  uid: account.uid,
  username: account.username,
  created_at: account.createdAt,
  role: account.role ?? 'user',
  disabled: account.disabledAt !== undefined,
  usage,
  quota: account.quota ?? {},
})

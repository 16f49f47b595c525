import type { Invite as InviteOnWire } from '@imagehost/contract/invites'
import type { Invite } from '../../ports/invites.ts'

/** An invite as administrators see it: never its code, never the hash of it. */
export const presentInvite = ({ id, note, uses, used, createdAt, expiresAt }: Invite): InviteOnWire => ({
  id,
  ...(note !== undefined && { note }),
  uses,
  used,
  created_at: createdAt,
  ...(expiresAt !== undefined && { expires_at: expiresAt }),
})

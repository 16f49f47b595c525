import type { Token } from '../../ports/tokens.ts'
import type { Caller } from '../../services/access.ts'

/** A logged-in browser as its owner sees it. */
export const presentSession = ({ id, createdAt, lastUsedAt, expiresAt = 0, userAgent }: Token, { keyId }: Caller) => ({
  id,
  created_at: createdAt,
  ...(lastUsedAt !== undefined && { last_used_at: lastUsedAt }),
  expires_at: expiresAt,
  ...(userAgent !== undefined && { user_agent: userAgent }),
  ...(id === keyId && { current: true as const }),
})

import type { Key } from '@imagehost/contract/keys'
import type { Caller } from '../../services/access.ts'
import type { ListedKey } from '../../services/keys.ts'

/** A key as its owner sees it: never the key, never its hash. */
export const presentKey = (key: ListedKey, { keyId }: Caller): Key => ({
  id: key.id,
  kind: key.kind,
  ...(key.name !== undefined && { name: key.name }),
  scopes: [...key.scopes],
  ...(key.createdAt !== undefined && { created_at: key.createdAt }),
  ...(key.lastUsedAt !== undefined && { last_used_at: key.lastUsedAt }),
  ...(key.expiresAt !== undefined && { expires_at: key.expiresAt }),
  ...(key.id === keyId && { current: true }),
})

import { type Static, Type } from 'typebox'

/**
 * Ids as they appear in paths and bodies. No braces, colons or slashes: an id becomes part of storage keys, and a brace
 * would let its sender choose the Redis Cluster slot.
 */
export const Id = Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}$', description: 'An id, such as img_…' })

export const UnixSeconds = Type.Integer({ minimum: 0, description: 'Unix seconds' })

export const OneTimeCode = Type.String({
  minLength: 1,
  maxLength: 64,
  description: 'Code of the authenticator app, or a recovery code; spaces and dashes do not count',
})

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, lower-case hex' })

export type Visibility = Static<typeof Visibility>
export const Visibility = Type.Union([Type.Literal('public'), Type.Literal('unlisted'), Type.Literal('private')], {
  description: 'public: also listed · unlisted: whoever has the link · private: only you',
})

export const cursorPattern = '^[A-Za-z0-9_-]{1,200}$'

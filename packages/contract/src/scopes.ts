/** What a key may do. A route of the table names the one scope that it asks for. */
export const scopes = {
  upload: 'Upload images, and nothing else',
  'images:read': 'List and read the own images',
  'images:write': 'Change the own images, and upload',
  'images:delete': 'Delete the own images',
  'shares:write': 'Make and revoke shares',
  account: 'Change the account and its keys',
  admin: 'Administer this server',
} as const

export type Scope = keyof typeof scopes

/** What the key that a login gives may do: all that its owner may, short of administration. */
export const loginScopes = [
  'images:read',
  'images:write',
  'images:delete',
  'shares:write',
  'account',
] as const satisfies readonly Scope[]

/** Whether somebody who holds `held` may do what asks for `needed`; writing images includes uploading them. */
export const allows = (held: readonly Scope[], needed: Scope): boolean =>
  held.includes(needed) || (needed === 'upload' && held.includes('images:write'))

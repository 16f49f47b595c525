/**
 * What may not be done too often. How often is configuration, but over which time an allowance comes back is not: `per` says
 * who has one, in the words of the docs.
 */
export const limits = {
  login: { windowSeconds: 600, per: 'attempts per address, and fewer per user name' },
  password: { windowSeconds: 600, per: 'attempts per account' },
  register: { windowSeconds: 3600, per: 'attempts per address' },
  upload: { windowSeconds: 60, per: 'uploads per account' },
  import: { windowSeconds: 60, per: 'uploads by address per account' },
  read: { windowSeconds: 60, per: 'reads per account or address, on each server' },
} as const satisfies Record<string, { windowSeconds: number; per: string }>

export type Limit = keyof typeof limits

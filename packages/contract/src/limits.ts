/**
 * What may not be done too often. How often is configuration, but over which time an allowance comes back is not: `per` says
 * who has one, in the words of the docs.
 */
export const limits = {
  login: { windowSeconds: 600, per: 'attempts per address, and fewer per user name' },
  password: { windowSeconds: 600, per: 'attempts per account' },
  register: { windowSeconds: 3600, per: 'attempts per address' },
  upload: { windowSeconds: 60, per: 'uploads per account' },
  complete: { windowSeconds: 60, per: 'completions per account, on each server', isLocal: true },
  import: { windowSeconds: 60, per: 'uploads by address per account' },
  bulk: { windowSeconds: 60, per: 'calls for many images per account' },
  drop: { windowSeconds: 60, per: 'uploads by drop links, and looks through them, per address' },
  export: { windowSeconds: 3600, per: 'exports per account' },
  report: { windowSeconds: 3600, per: 'reports per address' },
  transform: { windowSeconds: 60, per: 'variants made anew per account or address' },
  read: { windowSeconds: 60, per: 'reads per account or address, on each server', isLocal: true },
} as const satisfies Record<string, LimitKind>

interface LimitKind {
  readonly windowSeconds: number
  readonly per: string
  /** Counted by each server for itself, which costs no call; the others are exact over all servers. */
  readonly isLocal?: true
}

export type Limit = keyof typeof limits

import type { Held } from '../../ports/album-images.ts'
import type { Album } from '../../ports/albums.ts'
import type { AuditEntry } from '../../ports/audit.ts'
import type { BlockedSource } from '../../ports/blocklist.ts'
import type { Drop } from '../../ports/drops.ts'
import type { Grant } from '../../ports/grants.ts'
import type { ImageRecord } from '../../ports/images.ts'
import type { NamedAccount } from '../../ports/inventory.ts'
import type { Invite } from '../../ports/invites.ts'
import type { Report } from '../../ports/reports.ts'
import type { Share } from '../../ports/shares.ts'
import type { Token } from '../../ports/tokens.ts'
import type { SecondFactor } from '../../ports/two-factor.ts'

/**
 * What an archive holds: all metadata that cannot be made anew, by noun, independent of the engine. What only lasts moments is
 * not in it (unfinished uploads, locks, allowances, kept answers), nor what is derived (search, usage, variants).
 */
export interface ArchiveEntries {
  settings: Readonly<Record<string, unknown>>
  account: NamedAccount & { tokens: Token[]; secondFactor?: SecondFactor }
  image: ImageRecord
  album: { album: Album; images: string[]; held: Held[]; grants: Grant[]; drops: Drop[] }
  share: Share
  invite: Invite
  blocked: BlockedSource
  report: Report
  audit: AuditEntry
}

export type Noun = keyof ArchiveEntries

/** In an order in which each finds what it refers to. */
export const nouns = [
  'settings',
  'account',
  'image',
  'album',
  'share',
  'invite',
  'blocked',
  'report',
  'audit',
] as const satisfies readonly Noun[]

export type ArchiveEntry = { [N in Noun]: { noun: N; entry: ArchiveEntries[N] } }[Noun]

export type Counts = Record<Noun, number>

export const noCounts = (): Counts => Object.fromEntries(nouns.map((noun) => [noun, 0])) as Counts

import type { ImagePosition, Page } from './images.ts'

/** Bytes that nobody may bring in, by the hash of what arrives. */
export interface BlockedSource {
  /** Hex SHA-256. */
  sha256: string
  /** For administrators only. */
  reason?: string
  /** Unix seconds. */
  createdAt: number
  /** The uid of the administrator. */
  addedBy: string
}

export interface Blocklist {
  /** Adds it; false if it is there already, and then it stays as it is. */
  add(source: BlockedSource): Promise<boolean>
  /** The entry, or undefined. Asked at every upload, so one cheap read. */
  find(sha256: string): Promise<BlockedSource | undefined>
  /** Takes it off; false if it is not there. */
  delete(sha256: string): Promise<boolean>
  /** Newest first, those after the place whose `id` is a hash; cost grows with `limit` only. */
  list(page: { limit: number; after?: ImagePosition }): Promise<Page<BlockedSource>>
}

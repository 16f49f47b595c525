import type { ImagePosition, ImageRecord, Page } from './images.ts'

/** Which images of an account, and in which order; newest first in each. */
export interface ImageQuery {
  limit: number
  after?: ImagePosition
  /** By when it came, or by when it was taken (see `datedAt`), whose time is then the `createdAt` of a position. */
  order?: 'created' | 'taken'
  /** Unix seconds in that order, from the first to the one that is not in it any more. */
  from?: number
  to?: number
  /** Only those with this tag, or with this word; at most one of them, and in the order `created` only. */
  tag?: string
  word?: string
}

/** A tag or a month (`2026-05`, in UTC), and how many live images have it. */
export interface Facet {
  value: string
  count: number
}

/**
 * Where an account's images are found. What is deleted or in the trash is not in it. A page costs what is on it, however
 * many images there are.
 */
export interface ImageIndex {
  list(ownerUid: string, query: ImageQuery): Promise<Page<ImageRecord>>
  /** Different words of this account's images that begin with `prefix` (folded as `wordsIn` does), in lexical order. */
  words(ownerUid: string, prefix: string, limit: number): Promise<string[]>
  /** Tags in lexical order, those after `after`. */
  tags(ownerUid: string, page: { limit: number; after?: string }): Promise<Facet[]>
  /** All months that have images, newest first; what lies more than a hundred years apart may be thrown together. */
  months(ownerUid: string, order: 'created' | 'taken'): Promise<Facet[]>
}

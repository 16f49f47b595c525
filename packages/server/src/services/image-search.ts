import { AppError } from '@imagehost/contract/errors'
import type { ImageFilters } from '@imagehost/contract/image-filters'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Facet, ImageIndex, ImageQuery } from '../ports/image-index.ts'
import { datedAt, secondsOfMonth, termsOf, wordsIn } from '../ports/image-terms.ts'
import type { ImagePosition, ImageRecord, Images, Page } from '../ports/images.ts'
import { type Caller, isExpired, isOwner, visibilityOf } from './access.ts'
import type { AlbumImages } from './album-images.ts'
import { parseCursor, printCursor } from './cursor.ts'
import { cleanTag } from './tags.ts'

/** Records looked at in one call where a filter has no index: then a short page with a cursor comes back. */
const maxExamined = 1_000
/** Read at once while looking. */
const step = 200
/** Different words that begin alike are merged up to so many; a beginning of more is common, and looking finds it soon. */
const maxWords = 16

export type ImageSearch = ReturnType<typeof createImageSearch>

/** The own images, filtered: one filter drives through an index, the others look at what it brings. */
export function createImageSearch(deps: {
  images: Pick<Images, 'findBySource'>
  imageIndex: ImageIndex
  contents: Pick<AlbumImages, 'page'>
  clock: Clock
}) {
  const { images, imageIndex, contents, clock } = deps

  /** A page, newest first. Throws `validation` for a cursor that is not ours. */
  async function list(caller: Caller, filters: ListRequest) {
    const { limit, cursor } = filters
    if (filters.album !== undefined) return listOfAlbum(caller, filters.album, filters)
    if (filters.source_sha256 !== undefined) return listOfSource(caller, filters.source_sha256, filters)
    const { fetch, by } = await driver(caller.uid, filters)
    const fits = matcher(filters)
    const size = isLookedThrough(filters, by) ? step : limit
    const items: ImageRecord[] = []
    let after = cursor === undefined ? undefined : parseCursor(cursor)
    for (let examined = 0; examined < maxExamined && items.length < limit; examined += size) {
      const page = await fetch(size, after)
      const found = page.items.filter(fits)
      const taken = found.slice(0, limit - items.length)
      items.push(...taken)
      // Where the page holds more than is asked for, the next one begins in it.
      after = taken.length < found.length ? placeOf(taken.at(-1)!, filters) : page.next
      if (!after) return { items }
    }
    return { items, ...(after && { nextCursor: printCursor(after) }) }
  }

  /** The one that was made of these bytes, if the other filters have nothing against it. */
  async function listOfSource(caller: Caller, sha256: string, filters: ListRequest) {
    const { from = -Infinity, to = Infinity } = boundsOf(filters)
    const image = await images.findBySource(caller.uid, sha256)
    const isIt = image && image.createdAt >= from && image.createdAt < to && matcher(filters)(image)
    return { items: isIt ? [image] : [] }
  }

  /** The caller's of an album, in its order. Throws `not_found` where they may not know of it. */
  function listOfAlbum(caller: Caller, album: string, filters: ListRequest) {
    if (filters.sort !== undefined) {
      const message = 'An album has an order of its own.'
      throw new AppError('validation', { message, details: { field: 'query.sort' } })
    }
    const { from = -Infinity, to = Infinity } = boundsOf(filters)
    const fits = matcher(filters)
    return contents.page(caller, album, {
      ...filters,
      fits: (image) => isOwner(caller, image) && image.createdAt >= from && image.createdAt < to && fits(image),
    })
  }

  /** How pages of candidates come, in the order that is asked for. */
  async function driver(uid: string, filters: ImageFilters): Promise<{ fetch: Fetch; by?: 'tag' | 'q' }> {
    const order = filters.sort === 'taken_at' ? 'taken' : 'created'
    const query: Omit<ImageQuery, 'limit'> = { order, ...boundsOf(filters) }
    const page = (more: Partial<ImageQuery>): Fetch => {
      return (limit, after) => imageIndex.list(uid, { ...query, ...more, limit, ...(after && { after }) })
    }
    if (order === 'taken') return { fetch: page({}) }
    if (filters.tag !== undefined) return { fetch: page({ tag: cleanTag(filters.tag) }), by: 'tag' }
    const asked = wordsIn(filters.q ?? '').sort((a, b) => b.length - a.length)
    if (asked[0] === undefined) return { fetch: page({}) }
    const words = await imageIndex.words(uid, asked[0], maxWords + 1)
    if (words.length > maxWords) return { fetch: page({}) }
    return { fetch: merged(words.map((word) => page({ word }))), ...(asked.length === 1 && { by: 'q' }) }
  }

  function matcher(filters: ImageFilters): (image: ImageRecord) => boolean {
    const now = unixSeconds(clock)
    const tag = filters.tag === undefined ? undefined : cleanTag(filters.tag)
    const asked = wordsIn(filters.q ?? '')
    return (image) =>
      !isExpired(image, now) &&
      (tag === undefined || (image.tags ?? []).includes(tag)) &&
      (filters.mime === undefined || image.mime === filters.mime) &&
      (filters.visibility === undefined || visibilityOf(image) === filters.visibility) &&
      (asked.length === 0 || hasAll(termsOf(image).words, asked))
  }

  /** All months that have images, newest first. */
  const months = (caller: Caller, sort: ImageFilters['sort']): Promise<Facet[]> =>
    imageIndex.months(caller.uid, sort === 'taken_at' ? 'taken' : 'created')

  /** Tags in lexical order; a cursor is the last tag of the page before. */
  async function tags(caller: Caller, { limit, after }: { limit: number; after?: string | undefined }) {
    const found = await imageIndex.tags(caller.uid, { limit: limit + 1, ...(after !== undefined && { after }) })
    const items = found.slice(0, limit)
    const last = items.at(-1)
    return { items, ...(found.length > limit && last && { next: last.value }) }
  }

  return { list, months, tags }
}

type ListRequest = ImageFilters & { limit: number; cursor?: string | undefined }

type Fetch = (limit: number, after: ImagePosition | undefined) => Promise<Page<ImageRecord>>

/** Whether a filter may leave most candidates out: all but the bounds of time, and the one that drives. */
const isLookedThrough = (filters: ImageFilters, by: string | undefined): boolean =>
  (['q', 'tag', 'mime', 'visibility'] as const).some((name) => filters[name] !== undefined && name !== by)

const hasAll = (words: readonly string[], prefixes: readonly string[]): boolean =>
  prefixes.every((prefix) => words.some((word) => word.startsWith(prefix)))

/** Throws `validation` for a time that is no time. */
function boundsOf({ from, to, month }: ImageFilters): { from?: number; to?: number } {
  if (month === undefined) return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
  if (from !== undefined || to !== undefined) {
    const message = 'Name a month, or from and to.'
    throw new AppError('validation', { message, details: { field: 'query.month' } })
  }
  return secondsOfMonth(month)
}

/**
 * Several lists as one, each image once. A list whose page ended holds back what comes after that place, since it may have
 * something in between.
 */
function merged(lists: readonly Fetch[]): Fetch {
  return async (limit, after) => {
    const pages = await Promise.all(lists.map((list) => list(limit, after)))
    const ends = pages.flatMap(({ next }) => next ?? []).sort(byTime)
    const end = ends[0]
    const unique = new Map(pages.flatMap(({ items }) => items).map((image) => [image.id, image]))
    const all = [...unique.values()].sort(byTime).filter((image) => !end || byTime(image, end) <= 0)
    const items = all.slice(0, limit)
    const last = items.at(-1)
    const next = all.length > limit && last ? { createdAt: last.createdAt, id: last.id } : end
    return next ? { items, next } : { items }
  }
}

/** Newest first. */
const byTime = (a: ImagePosition, b: ImagePosition): number =>
  b.createdAt - a.createdAt || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0)

const placeOf = (image: ImageRecord, { sort }: ImageFilters): ImagePosition => ({
  createdAt: sort === 'taken_at' ? datedAt(image) : image.createdAt,
  id: image.id,
})

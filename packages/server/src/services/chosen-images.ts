import { AppError } from '@imagehost/contract/errors'
import type { ImageFilters } from '@imagehost/contract/image-filters'
import type { ImageRecord } from '../ports/images.ts'
import type { Caller } from './access.ts'
import type { Delivery } from './delivery.ts'
import type { ImageSearch } from './image-search.ts'

/** Records read at once. */
const pageSize = 200

export type ChosenImages = ReturnType<typeof createChosenImages>

/** Several images at once, as somebody has chosen them: these, or all that filters find but those. */
export function createChosenImages({ search, delivery }: { search: ImageSearch; delivery: Pick<Delivery, 'find'> }) {
  /**
   * Those that the caller may see, each asked for when its turn comes, so that nothing is given away that became private
   * meanwhile. Throws `not_found` where there are none, `validation` for ids beside filters.
   */
  async function walk(caller: Caller, { ids, without = [], ...filters }: Choice): Promise<AsyncIterable<ImageRecord>> {
    if (ids && (without.length > 0 || Object.keys(filters).length > 0)) {
      const message = 'Name the images by ids, or by filters.'
      throw new AppError('validation', { message, details: { field: 'query.ids' } })
    }
    const images = seen(caller, ids ? new Set(ids) : found(caller, filters, new Set(without)))
    const first = await images.next()
    if (first.done) throw new AppError('not_found')
    return withFirst(first.value, images)
  }

  async function* found(caller: Caller, filters: ImageFilters, without: ReadonlySet<string>) {
    let cursor: string | undefined
    do {
      const page = await search.list(caller, { ...filters, limit: pageSize, cursor })
      for (const { id } of page.items) if (!without.has(id)) yield id
      cursor = page.nextCursor
    } while (cursor !== undefined)
  }

  async function* seen(caller: Caller, ids: AsyncIterable<string> | Iterable<string>) {
    for await (const id of ids) {
      const image = await unlessMissing(async () => delivery.find(caller, id))
      if (image) yield image
    }
  }

  return { walk }
}

export interface Choice extends ImageFilters {
  ids?: readonly string[] | undefined
  without?: readonly string[] | undefined
}

async function unlessMissing<T>(find: () => Promise<T>): Promise<T | undefined> {
  try {
    return await find()
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') return undefined
    throw error
  }
}

async function* withFirst<T>(first: T, rest: AsyncGenerator<T>): AsyncGenerator<T> {
  yield first
  yield* rest
}

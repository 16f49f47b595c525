import type { Bulk as BulkRequest } from '@imagehost/contract/collection'
import { AppError } from '@imagehost/contract/errors'
import type { ImageRecord, Images as ImagesPort } from '../ports/images.ts'
import { type Caller, requireScope } from './access.ts'
import type { AlbumImages } from './album-images.ts'
import type { ImageSearch } from './image-search.ts'
import type { Images } from './images.ts'
import { inParallel } from './in-parallel.ts'
import { cleanTags } from './tags.ts'
import type { Trash } from './trash.ts'

/** As many as the contract takes by their ids. */
const pageSize = 200
/** At once; each waits for the storage. */
const parallel = 4

interface BulkOutcome {
  id: string
  error?: AppError
}

export type Bulk = ReturnType<typeof createBulk>

/** One thing done with many images, each on its own: what fails for one does not touch the others. */
export function createBulk(deps: {
  imageStore: ImagesPort
  images: Images
  trash: Trash
  search: ImageSearch
  contents: Pick<AlbumImages, 'change'>
}) {
  const { imageStore, images, trash, search, contents } = deps

  /** Throws `validation` for a request that says too little or too much, `insufficient_scope`. */
  async function run(caller: Caller, request: BulkRequest): Promise<{ items: BulkOutcome[]; nextCursor?: string }> {
    const act = actionOf(caller, request)
    const { ids, nextCursor } = await chosen(caller, request)
    const items: BulkOutcome[] = []
    // In an album the order counts.
    await inParallel(ids, request.action === 'album' ? 1 : parallel, async (id) => items.push(await outcomeOf(id, act)))
    const order = new Map(ids.map((id, at) => [id, at]))
    items.sort((a, b) => order.get(a.id)! - order.get(b.id)!)
    return { items, ...(nextCursor !== undefined && { nextCursor }) }
  }

  async function chosen(caller: Caller, { ids, filter, cursor, action }: BulkRequest) {
    if ((ids === undefined) === (filter === undefined))
      throw incomplete('filter', 'Name the images by ids, or by a filter.')
    if (ids) return { ids: [...new Set(ids)] }
    if (action === 'restore') throw incomplete('ids', 'What lies in the trash is restored by ids.')
    const { items, nextCursor } = await search.list(caller, { ...filter, limit: pageSize, cursor })
    return { ids: items.map(({ id }) => id), nextCursor }
  }

  function actionOf(caller: Caller, request: BulkRequest): (id: string) => Promise<unknown> {
    const { action, visibility, album } = request
    if (action === 'delete' || action === 'trash' || action === 'restore') requireScope(caller, 'images:delete')
    if (action === 'delete') return (id) => images.remove(caller, id)
    if (action === 'trash') return (id) => trash.put(caller, id)
    if (action === 'restore') return (id) => trash.restore(caller, id)
    if (action === 'visibility') {
      if (visibility === undefined) throw incomplete('visibility', 'Say which visibility the images shall have.')
      return (id) => images.update(caller, id, { visibility })
    }
    if (action === 'album') {
      if (album === undefined) throw incomplete('album', 'Say which album.')
      return (id) => contents.change(caller, album, { add: [id] })
    }
    return tagging(caller, request)
  }

  function tagging(caller: Caller, { action, tags }: BulkRequest): (id: string) => Promise<unknown> {
    if (tags === undefined) throw incomplete('tags', 'Say which tags.')
    const changed = cleanTags(tags, 'body.tags')
    const combine = action === 'tag' ? union : without
    return async (id) => {
      const image = await imageStore.find(id)
      return images.update(caller, id, { tags: combine(image, changed) })
    }
  }

  return { run }
}

async function outcomeOf(id: string, act: (id: string) => Promise<unknown>): Promise<BulkOutcome> {
  try {
    await act(id)
    return { id }
  } catch (error) {
    if (error instanceof AppError) return { id, error }
    throw error
  }
}

const union = (image: ImageRecord | undefined, tags: readonly string[]) => [
  ...new Set([...(image?.tags ?? []), ...tags]),
]

const without = (image: ImageRecord | undefined, tags: readonly string[]) =>
  (image?.tags ?? []).filter((tag) => !tags.includes(tag))

const incomplete = (field: string, message: string): AppError =>
  new AppError('validation', { message, details: { field: `body.${field}` } })

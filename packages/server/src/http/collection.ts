import { collectionRoutes } from '@imagehost/contract/collection'
import { marksOf } from '@imagehost/contract/image-marks'
import type { FastifyInstance } from 'fastify'
import { datedAt } from '../ports/image-terms.ts'
import type { ImageRecord } from '../ports/images.ts'
import { visibilityOf } from '../services/access.ts'
import type { AlbumImages } from '../services/album-images.ts'
import type { Bulk } from '../services/bulk.ts'
import type { ChosenImages } from '../services/chosen-images.ts'
import type { ImageSearch } from '../services/image-search.ts'
import { sendImagesZip } from './images-zip.ts'
import { type MountDependencies, mount } from './mount.ts'

/** What the zip of several images is called. */
const zipName = 'imagehost-pictures'

interface CollectionServices {
  search: ImageSearch
  bulk: Bulk
  chosenImages: ChosenImages
  contents: Pick<AlbumImages, 'open'>
}

export function collectionHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  { search, bulk, chosenImages, contents }: CollectionServices,
): void {
  mount(app, collectionRoutes, deps, {
    timeline: async ({ query: { month, sort, limit = 1000, cursor } }, { caller }) => {
      if (month === undefined) {
        const months = await search.months(caller, sort)
        return { months: months.map(({ value, count }) => ({ month: value, count })) }
      }
      const { items, nextCursor } = await search.list(caller, { month, ...(sort && { sort }), limit, cursor })
      return { ...packed(items, sort), ...(nextCursor !== undefined && { next_cursor: nextCursor }) }
    },
    tags: async ({ query: { limit = 200, after } }, { caller }) => {
      const { items, next } = await search.tags(caller, { limit, after })
      return { items: items.map(({ value, count }) => ({ tag: value, count })), ...(next !== undefined && { next }) }
    },
    zip: async ({ query: { ids, without, ...filters } }, { caller, reply }) => {
      const choice = { ...filters, ids: ids?.split(','), without: without?.split(',') }
      return sendImagesZip(reply, zipName, await chosenImages.walk(caller, choice), contents)
    },
    bulk: async ({ body }, { caller }) => {
      const { items, nextCursor } = await bulk.run(caller, body)
      return {
        items: items.map(({ id, error }) =>
          error
            ? { id, status: 'failed' as const, error: { code: error.code, message: error.message } }
            : { id, status: 'done' as const },
        ),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
  })
}

/** Hundreds of images in a few kilobytes: what is drawn before any of them is loaded. */
const packed = (images: readonly ImageRecord[], sort?: string) => ({
  ids: images.map(({ id }) => id),
  ratios: images.map(({ width, height }) => (width && height ? Math.round((width / height) * 1000) / 1000 : 1)),
  thumbhashes: images.map(({ thumbhash = '' }) => thumbhash),
  names: images.map(({ title, originalFilename, filename }) => title ?? originalFilename ?? filename),
  times: images.map((image) => (sort === 'taken_at' ? datedAt(image) : image.createdAt)),
  sizes: images.map(({ size = 0 }) => size),
  marks: images.map((image) => {
    const { expiresAt, frames } = image
    return marksOf({ visibility: visibilityOf(image), expires: expiresAt !== undefined, frames })
  }),
})

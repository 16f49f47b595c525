import { type Static, Type } from 'typebox'
import { idsInAddress } from './ids-in-address.ts'
import { ImageFilters } from './image-filters.ts'
import { imageMarks } from './image-marks.ts'
import { cursorQuery } from './images.ts'
import type { Routes } from './route.ts'
import { Id, UnixSeconds, Visibility } from './schemas.ts'

const Count = Type.Integer({ minimum: 0 })

const Months = Type.Object({ months: Type.Array(Type.Object({ month: Type.String(), count: Count })) })

/** Lists of equal length: an entry of each belongs to one image. */
const Packed = Type.Object({
  ids: Type.Array(Id),
  ratios: Type.Array(Type.Number(), { description: 'Width by height; 1 where it is not known' }),
  thumbhashes: Type.Array(Type.String(), { description: 'Base64; empty where there is none' }),
  names: Type.Array(Type.String(), { description: 'The title, else the name of the file' }),
  times: Type.Array(UnixSeconds, { description: 'By which they are sorted' }),
  sizes: Type.Array(Type.Integer(), { description: 'Bytes; 0 where it is not known' }),
  marks: Type.Array(Type.Integer(), {
    description: `A sum: ${Object.entries(imageMarks)
      .map(([name, value]) => `${value} ${name}`)
      .join(', ')}`,
  }),
  next_cursor: Type.Optional(Type.String()),
})

/** What may be done with many images in one call. */
const BulkAction = Type.Union([
  Type.Literal('delete'),
  Type.Literal('trash'),
  Type.Literal('restore'),
  Type.Literal('visibility'),
  Type.Literal('tag'),
  Type.Literal('untag'),
  Type.Literal('album'),
])

const maxBulk = 200

export type Bulk = Static<typeof Bulk>
export const Bulk = Type.Object({
  action: BulkAction,
  ids: Type.Optional(Type.Array(Id, { minItems: 1, maxItems: maxBulk, description: 'Which; or say it by `filter`' })),
  filter: Type.Optional(ImageFilters),
  cursor: cursorQuery.cursor,
  visibility: Type.Optional(Visibility),
  tags: Type.Optional(Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50 })),
  album: Type.Optional(Type.String({ ...Id, description: 'With `album`: what they are put into, in this order' })),
})

export const collectionRoutes = {
  timeline: {
    method: 'GET',
    path: '/api/v1/me/timeline',
    summary: 'The months that have images, with their counts; with `month` what a grid of its images needs',
    scope: 'images:read',
    limit: 'read',
    query: Type.Object({
      month: ImageFilters.properties.month,
      sort: ImageFilters.properties.sort,
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 1000 })),
      ...cursorQuery,
    }),
    responses: { 200: Type.Union([Months, Packed]) },
    errors: [],
  },
  tags: {
    method: 'GET',
    path: '/api/v1/me/tags',
    summary: 'Your tags in lexical order, with how many images have each',
    scope: 'images:read',
    limit: 'read',
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, default: 200 })),
      after: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the page before' })),
    }),
    responses: {
      200: Type.Object({
        items: Type.Array(Type.Object({ tag: Type.String(), count: Count })),
        next: Type.Optional(Type.String()),
      }),
    },
    errors: [],
  },
  bulk: {
    method: 'POST',
    path: '/api/v1/me/images/bulk',
    summary:
      `One thing done with up to ${maxBulk} images, each on its own; by \`filter\` with as many as fit, and a cursor to go on ` +
      'from. `restore` takes ids only; `delete`, `trash` and `restore` need the scope `images:delete`',
    scope: 'images:write',
    limit: 'bulk',
    body: Bulk,
    responses: {
      200: Type.Object({
        items: Type.Array(
          Type.Object({
            id: Id,
            status: Type.Union([Type.Literal('done'), Type.Literal('failed')]),
            error: Type.Optional(Type.Object({ code: Type.String(), message: Type.String() })),
          }),
        ),
        next_cursor: Type.Optional(Type.String()),
      }),
    },
    errors: [],
  },
  zip: {
    method: 'GET',
    path: '/api/v1/me/images/zip',
    summary:
      'Images as a zip, numbered in their order: those of `ids`, or all of yours that the filters find. What you may not see, ' +
      'or is not there any more, is left out; where nothing is left, there is no zip',
    scope: 'images:read',
    limit: 'bulk',
    query: Type.Object({
      ids: idsInAddress('Which, of others too; or say it by filters'),
      without: idsInAddress('With filters: what they find and you do not want'),
      ...ImageFilters.properties,
    }),
    raw: { answers: { 200: 'A zip, made while it is sent' } },
    errors: ['not_found', 's3_error'],
  },
} as const satisfies Routes

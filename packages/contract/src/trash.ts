import { Type } from 'typebox'
import { Image, ImageParams, pageQuery } from './images.ts'
import type { Routes } from './route.ts'
import { Id, UnixSeconds } from './schemas.ts'

const TrashedImage = Type.Intersect([
  Image,
  Type.Object({
    trashed_at: UnixSeconds,
    purged_at: Type.Integer({ description: 'When it goes for good, Unix seconds' }),
  }),
])

export const trashRoutes = {
  put: {
    method: 'POST',
    path: '/api/v1/image/:id/trash',
    summary: 'Move an image into the trash: gone at every address, and back by `restore` for some days',
    scope: 'images:delete',
    params: ImageParams,
    responses: { 200: Type.Object({ status: Type.Literal('trashed'), id: Id, purged_at: UnixSeconds }) },
    errors: ['forbidden', 'not_found', 's3_error', 'invalid_record'],
  },
  restore: {
    method: 'POST',
    path: '/api/v1/image/:id/restore',
    summary: 'Take an image out of the trash: its addresses work again',
    scope: 'images:delete',
    params: ImageParams,
    responses: { 200: Image },
    errors: ['forbidden', 'not_found', 's3_error', 'invalid_record'],
  },
  list: {
    method: 'GET',
    path: '/api/v1/me/trash',
    summary: 'Your trash, what came last first',
    scope: 'images:read',
    limit: 'read',
    query: Type.Object(pageQuery),
    responses: { 200: Type.Object({ items: Type.Array(TrashedImage), next_cursor: Type.Optional(Type.String()) }) },
    errors: [],
  },
  empty: {
    method: 'DELETE',
    path: '/api/v1/me/trash',
    summary: 'Delete for good what lies in the trash, up to 500 images at once; repeat it while there is more',
    scope: 'images:delete',
    responses: { 200: Type.Object({ deleted: Type.Integer(), is_empty: Type.Boolean() }) },
    errors: ['s3_error'],
  },
} as const satisfies Routes

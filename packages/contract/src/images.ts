import { type Static, Type } from 'typebox'
import { ImageFilters } from './image-filters.ts'
import type { Routes } from './route.ts'
import { cursorPattern, Id, Sha256, UnixSeconds, Visibility } from './schemas.ts'

/** An image as it goes over the wire; facts that are not known are left out. */
export type Image = Static<typeof Image>
export const Image = Type.Object({
  id: Id,
  owner_uid: Type.String(),
  key: Type.String({ description: 'Where the bytes lie in the storage' }),
  url: Type.String({ description: 'Absolute, and good for as long as the image exists' }),
  page_url: Type.String({ description: 'Its page, for people' }),
  thumbnail_url: Type.String({ description: 'The preset thumb of it' }),
  filename: Type.String({ description: 'Cleaned: lower-case ASCII' }),
  original_filename: Type.Optional(Type.String()),
  title: Type.Optional(Type.String()),
  mime: Type.String(),
  size: Type.Optional(Type.Integer({ description: 'Bytes' })),
  width: Type.Optional(Type.Integer({ description: 'Pixels, after orientation' })),
  height: Type.Optional(Type.Integer()),
  frames: Type.Optional(Type.Integer({ description: 'Above 1: animated' })),
  sha256: Type.Optional(Sha256),
  source_sha256: Type.Optional(Sha256),
  thumbhash: Type.Optional(Type.String({ description: 'Base64' })),
  color: Type.Optional(Type.String({ description: 'Dominant colour, #rrggbb' })),
  taken_at: Type.Optional(UnixSeconds),
  camera: Type.Optional(Type.String()),
  visibility: Visibility,
  private: Type.Integer({ minimum: 0, maximum: 1 }),
  created_at: UnixSeconds,
  expires_at: Type.Optional(UnixSeconds),
  hidden_at: Type.Optional(
    Type.Integer({ minimum: 0, description: 'Since when an administrator keeps it from everybody but you' }),
  ),
  views: Type.Integer({ minimum: 0 }),
  tags: Type.Optional(Type.Array(Type.String())),
  album_ids: Type.Optional(
    Type.Array(Id, { description: 'Albums that it is in; for its owner, where one image is asked for' }),
  ),
  delete_url: Type.Optional(
    Type.String({ description: 'Only in the answer to an upload: deletes the image without a key. Show it to nobody' }),
  ),
  links: Type.Object({ markdown: Type.String(), html: Type.String(), bbcode: Type.String() }),
})

/** Items of a page unless the caller names a number. */
export const defaultPageSize = 50

export const cursorQuery = {
  cursor: Type.Optional(Type.String({ pattern: cursorPattern, description: '`next_cursor` of the page before' })),
}

export const pageQuery = {
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: defaultPageSize })),
  ...cursorQuery,
}

export const ImageParams = Type.Object({ id: Id })

/** What an account holds, and how much it may. */
export const Usage = Type.Object({
  images: Type.Integer(),
  bytes: Type.Integer(),
  drafts: Type.Integer({ description: 'Uploads that were begun and not completed' }),
  reserved_bytes: Type.Integer({ description: 'What those may still take' }),
  max_drafts: Type.Integer(),
  max_images: Type.Optional(Type.Integer()),
  max_bytes: Type.Optional(Type.Integer()),
})

export const imageRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/me/images',
    summary: 'Your images, newest first; a page may be shorter than asked for and have a cursor all the same',
    scope: 'images:read',
    limit: 'read',
    query: Type.Object({ ...pageQuery, ...ImageFilters.properties }),
    responses: {
      200: Type.Object({ items: Type.Array(Image), next_cursor: Type.Optional(Type.String()) }),
    },
    errors: [],
  },
  usage: {
    method: 'GET',
    path: '/api/v1/me/usage',
    summary: 'What you hold here, and how much you may',
    scope: 'images:read',
    limit: 'read',
    responses: {
      200: Usage,
    },
    errors: [],
  },
  redirect: {
    method: 'GET',
    path: '/api/v1/image/:id',
    summary: 'Redirects to where the bytes are',
    scope: 'optional',
    limit: 'read',
    params: ImageParams,
    raw: { answers: { 302: 'The address of the bytes in `Location`; it may end, so keep this one instead' } },
    errors: ['not_found', 's3_error'],
  },
  info: {
    method: 'GET',
    path: '/api/v1/image/:id/info',
    summary: 'What is known of an image; when and with what it was taken only for its owner',
    scope: 'optional',
    limit: 'read',
    params: ImageParams,
    responses: { 200: Image },
    errors: ['not_found', 's3_error'],
  },
  update: {
    method: 'PATCH',
    path: '/api/v1/image/:id',
    summary: 'Change an image; what is left out stays',
    scope: 'images:write',
    params: ImageParams,
    body: Type.Object({
      title: Type.Optional(Type.String({ maxLength: 300, description: 'Empty: none any more' })),
      filename: Type.Optional(Type.String({ minLength: 1, maxLength: 1024 })),
      visibility: Type.Optional(Visibility),
      tags: Type.Optional(
        Type.Array(Type.String({ maxLength: 100 }), { maxItems: 50, description: 'All that it shall have' }),
      ),
      expires_at: Type.Optional(
        Type.Union([UnixSeconds, Type.Null()], { description: 'When it goes by itself; null: never' }),
      ),
    }),
    responses: { 200: Image },
    errors: ['forbidden', 'not_found', 'storage_public', 'invalid_record'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/image/:id',
    summary: 'Delete an image at once and for good',
    scope: 'images:delete',
    params: ImageParams,
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), id: Id }) },
    errors: ['forbidden', 'not_found', 's3_error', 'invalid_record'],
  },
} as const satisfies Routes

import { type Static, Type } from 'typebox'
import { Image, pageQuery } from './images.ts'
import type { Routes } from './route.ts'
import { Id, UnixSeconds, Visibility } from './schemas.ts'

/** A drop link as the owner of its album sees it: never its password. */
export type Drop = Static<typeof Drop>
export const Drop = Type.Object({
  slug: Type.String(),
  url: Type.String({ description: 'What you give away' }),
  album_id: Id,
  name: Type.Optional(Type.String()),
  created_at: UnixSeconds,
  expires_at: Type.Optional(UnixSeconds),
  has_password: Type.Boolean(),
  max_files: Type.Optional(Type.Integer()),
  max_bytes: Type.Optional(Type.Integer()),
  shows_album: Type.Boolean(),
  holds: Type.Boolean(),
  visibility: Visibility,
  files: Type.Integer({ description: 'That came in by it' }),
  bytes: Type.Integer({ description: 'Of these, as they were sent' }),
})

const Terms = {
  name: Type.String({ maxLength: 200, description: 'For yourself: whom it is for' }),
  password: Type.String({ minLength: 1, maxLength: 1024 }),
  expires_at: UnixSeconds,
  max_files: Type.Integer({ minimum: 1, maximum: 100_000, description: 'Files that may come in by it' }),
  max_bytes: Type.Integer({ minimum: 1, description: 'Bytes of all of them, as they are sent' }),
  shows_album: Type.Boolean({
    description: 'Whether who has the link sees the images of the album that are not private; false unless given',
  }),
  holds: Type.Boolean({
    description: 'Whether what comes in waits, seen by you alone, until you let it in; false unless given',
  }),
  visibility: Type.Unsafe<Static<typeof Visibility>>({
    ...Visibility,
    description: 'Of what comes in, or is let in; unlisted unless given',
  }),
} as const

const orNull = <T extends Type.TSchema>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()], { description: 'null: none any more' }))

const SlugParams = Type.Object({ slug: Id })
const AlbumParams = Type.Object({ album: Id })

/** What somebody who has the link is told. */
export type OpenDrop = Static<typeof OpenDrop>
export const OpenDrop = Type.Object({
  album_name: Type.String(),
  needs_password: Type.Boolean(),
  shows_album: Type.Boolean(),
  holds: Type.Boolean(),
  expires_at: Type.Optional(UnixSeconds),
  files_left: Type.Optional(Type.Integer()),
  bytes_left: Type.Optional(Type.Integer()),
  max_file_bytes: Type.Integer({ description: 'Largest file' }),
})

/** What became of a file that somebody without an account has sent. */
export type Dropped = Static<typeof Dropped>
export const Dropped = Type.Object({
  filename: Type.String(),
  mime: Type.String(),
  size: Type.Optional(Type.Integer()),
  held: Type.Boolean({ description: 'It waits for the owner of the album' }),
  url: Type.Optional(Type.String({ description: 'Where it is, unless it is held or private' })),
})

export const dropRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/album/:album/drops',
    summary: 'The drop links of your album, the first first',
    scope: 'shares:write',
    limit: 'read',
    params: AlbumParams,
    responses: { 200: Type.Object({ items: Type.Array(Drop) }) },
    errors: ['forbidden', 'not_found'],
  },
  create: {
    method: 'POST',
    path: '/api/v1/album/:album/drops',
    summary: 'Make a link by which people without an account upload into your album; it counts against your quota',
    scope: 'shares:write',
    audited: 'drop.create',
    params: AlbumParams,
    body: Type.Partial(Type.Object(Terms)),
    responses: { 201: Drop },
    errors: ['forbidden', 'not_found', 'too_many_drops', 'storage_public', 'overloaded'],
  },
  update: {
    method: 'PATCH',
    path: '/api/v1/drop/:slug',
    summary: 'Change a drop link; what is left out stays, null takes a limit away',
    scope: 'shares:write',
    audited: 'drop.update',
    params: SlugParams,
    body: Type.Object({
      name: orNull(Terms.name),
      password: orNull(Terms.password),
      expires_at: orNull(Terms.expires_at),
      max_files: orNull(Terms.max_files),
      max_bytes: orNull(Terms.max_bytes),
      shows_album: Type.Optional(Terms.shows_album),
      holds: Type.Optional(Terms.holds),
      visibility: Type.Optional(Terms.visibility),
    }),
    responses: { 200: Drop },
    errors: ['not_found', 'storage_public', 'overloaded'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/drop/:slug',
    summary: 'Take a drop link back; what came in by it stays',
    scope: 'shares:write',
    audited: 'drop.delete',
    params: SlugParams,
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), slug: Type.String() }) },
    errors: ['not_found'],
  },
  look: {
    method: 'GET',
    path: '/api/v1/drop/:slug',
    summary: 'What a drop link is for, and what it asks',
    scope: 'none',
    limit: 'read',
    params: SlugParams,
    responses: { 200: OpenDrop },
    errors: ['not_found', 'link_ended'],
  },
  images: {
    method: 'POST',
    path: '/api/v1/drop/:slug/images',
    summary: 'What is in the album, where the link shows it: images that are not private, in their order',
    scope: 'none',
    limit: 'drop',
    params: SlugParams,
    body: Type.Object({ password: Type.Optional(Type.String({ maxLength: 1024 })), ...pageQuery }),
    responses: { 200: Type.Object({ items: Type.Array(Image), next_cursor: Type.Optional(Type.String()) }) },
    errors: ['not_found', 'link_ended', 'password_needed', 'password_wrong', 'overloaded'],
  },
  upload: {
    method: 'POST',
    path: '/d/:slug/upload',
    summary:
      'Upload by a drop link, without an account. A password comes in the header `X-Link-Password`, or in the form field `password` before the files; never in the address',
    scope: 'none',
    limit: 'drop',
    params: SlugParams,
    raw: {
      accepts: '`multipart/form-data` with one or more files, or the bytes of one with an image `Content-Type`',
      answers: {
        201: '`{"items": […], "errors": […]}`: each file on its own; at least one came in; a page for the form of the page',
      },
    },
    errors: [
      'not_found',
      'link_ended',
      'link_full',
      'password_needed',
      'password_wrong',
      'album_full',
      'too_large',
      'quota_exceeded',
      'too_many_drafts',
      'unsupported_type',
      'image_corrupt',
      'image_too_complex',
      'infected',
      'blocked_content',
      'storage_public',
      'scan_error',
      's3_error',
      'save_error',
      'overloaded',
    ],
  },
} as const satisfies Routes

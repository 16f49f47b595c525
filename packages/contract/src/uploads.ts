import { type Static, Type } from 'typebox'
import { Image } from './images.ts'
import type { Routes } from './route.ts'
import { Id, Sha256, UnixSeconds, Visibility } from './schemas.ts'

const Filename = Type.String({ minLength: 1, maxLength: 1024 })

/** Ten years: what is meant to last longer does not expire. */
const maxExpiresInSeconds = 10 * 366 * 86_400

/** What may be said of a picture on its way in, in every way in. */
export type UploadOptions = Static<typeof UploadOptions>
export const UploadOptions = Type.Object({
  filename: Type.Optional(Filename),
  title: Type.Optional(Type.String({ maxLength: 300 })),
  visibility: Type.Optional(Visibility),
  keep_metadata: Type.Optional(Type.Boolean({ description: 'Keep camera and exposure facts; never the location' })),
  tags: Type.Optional(Type.String({ maxLength: 3000, description: 'With commas between them' })),
  album: Type.Optional(Type.String({ ...Id, description: 'An album to put it into' })),
  expires_in: Type.Optional(
    Type.Integer({ minimum: 60, maximum: maxExpiresInSeconds, description: 'Seconds until it goes by itself' }),
  ),
  allow_duplicate: Type.Optional(Type.Boolean({ description: 'Store it again even if you have the same picture' })),
})

const UploadRequest = Type.Object({
  filename: Filename,
  mime_type: Type.String({ minLength: 1, maxLength: 255 }),
  size: Type.Optional(Type.Integer({ minimum: 1, description: 'Bytes; bound into the address if given' })),
  sha256: Type.Optional(Sha256),
  title: UploadOptions.properties.title,
  visibility: UploadOptions.properties.visibility,
  tags: UploadOptions.properties.tags,
  album: UploadOptions.properties.album,
  expires_in: UploadOptions.properties.expires_in,
  keep_metadata: UploadOptions.properties.keep_metadata,
})

const UploadComplete = Type.Object({
  iid: Id,
  key: Type.Optional(Type.String({ description: 'A hint; ours counts' })),
  filename: Type.Optional(Type.String({ description: 'A hint; the one of the request counts' })),
  mime_type: Type.Optional(Type.String({ description: 'A hint; what the bytes are counts' })),
})

const Duplicate = Type.Intersect([Image, Type.Object({ duplicate: Type.Literal(true) })])

/** Of an album to put it into. */
const albumRefusals = ['not_found', 'forbidden', 'album_full'] as const

const refusals = [
  'too_large',
  'quota_exceeded',
  'unsupported_type',
  'image_corrupt',
  'image_too_complex',
  'infected',
  'blocked_content',
  'content_mismatch',
  'storage_public',
  'scan_error',
  's3_error',
  'save_error',
  'overloaded',
] as const

export const uploadRoutes = {
  request: {
    method: 'POST',
    path: '/api/v1/upload/request',
    summary: 'Begin an upload: get an address to PUT the bytes to',
    scope: 'upload',
    guests: true,
    limit: 'upload',
    body: UploadRequest,
    responses: {
      200: Type.Object({
        iid: Id,
        key: Type.String(),
        filename: Type.String(),
        presigned_url: Type.String(),
        headers: Type.Record(Type.String(), Type.String(), { description: 'Send these with the PUT' }),
        expires_at: UnixSeconds,
      }),
    },
    errors: [
      'too_large',
      'quota_exceeded',
      'unsupported_type',
      'too_many_drafts',
      'storage_public',
      's3_error',
      ...albumRefusals,
    ],
  },
  complete: {
    method: 'POST',
    path: '/api/v1/upload/complete',
    summary: 'Check the bytes that were PUT and make them an image; repeating it gives the same answer',
    scope: 'upload',
    guests: true,
    limit: 'complete',
    repeatable: true,
    body: UploadComplete,
    responses: { 201: Image },
    errors: ['upload_in_progress', ...albumRefusals, ...refusals],
  },
  cancel: {
    method: 'DELETE',
    path: '/api/v1/upload/:iid',
    summary:
      'Give up an upload that was begun and not completed: what was PUT goes, and its share of the quota is free again',
    scope: 'upload',
    guests: true,
    limit: 'complete',
    params: Type.Object({ iid: Id }),
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), iid: Id }) },
    errors: ['not_found', 's3_error'],
  },
  upload: {
    method: 'POST',
    path: '/api/v1/upload',
    summary: 'Upload in one request: multipart, the bytes alone, or an address to fetch',
    scope: 'upload',
    guests: true,
    limit: 'upload',
    repeatable: true,
    query: UploadOptions,
    raw: {
      accepts:
        '`multipart/form-data` with one or more files (`file`) and options as fields; or the bytes with an image `Content-Type` and options in the query; or JSON `{"url": …}` with options beside it',
      answers: {
        200: 'The image that you have already, with `"duplicate": true`',
        201: 'The image; for several files `{"items": […], "errors": […]}`',
      },
    },
    errors: [
      ...refusals,
      ...albumRefusals,
      'too_many_drafts',
      'import_refused',
      'import_failed',
      'unsupported_content_type',
      'timeout',
    ],
  },
  put: {
    method: 'PUT',
    path: '/storage/*',
    summary: 'Where presigned addresses lead on a server that keeps the bytes itself; answers as S3 does',
    scope: 'none',
    raw: { accepts: 'The bytes, with the Content-Type of the request', answers: { 200: 'Nothing' } },
    errors: [],
  },
  get: {
    method: 'GET',
    path: '/storage/*',
    summary: 'Where presigned addresses lead on a server that keeps the bytes itself; answers as S3 does',
    scope: 'none',
    raw: { answers: { 200: 'The bytes', 206: 'The range that was asked for' } },
    errors: [],
  },
} as const satisfies Routes

/** JSON body of `POST /upload`. */
export type UploadByUrl = Static<typeof UploadByUrl>
export const UploadByUrl = Type.Intersect([
  Type.Object({ url: Type.String({ minLength: 1, maxLength: 2048 }) }),
  UploadOptions,
])

/** What `POST /upload` answers for one picture. */
export const Uploaded = Type.Union([Image, Duplicate])

/** One of several files that was refused; its neighbours are not touched by that. */
export type UploadFailure = Static<typeof UploadFailure>
export const UploadFailure = Type.Object({
  filename: Type.String(),
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    details: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  }),
})

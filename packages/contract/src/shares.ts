import { type Static, Type } from 'typebox'
import { cursorQuery, ImageParams, pageQuery } from './images.ts'
import type { Routes } from './route.ts'
import { Id, UnixSeconds } from './schemas.ts'

/** A limited link as its owner sees it: never its password. */
export type Share = Static<typeof Share>
export const Share = Type.Object({
  slug: Type.String(),
  url: Type.String({ description: 'What you give away' }),
  image_id: Type.Optional(Id),
  album_id: Type.Optional(Type.String({ description: 'Instead of `image_id`: it leads to all that is in this album' })),
  album_name: Type.Optional(Type.String()),
  thumbnail_url: Type.Optional(
    Type.String({ description: 'Of the image, for you; of an album its cover, if there is one' }),
  ),
  name: Type.Optional(Type.String()),
  created_at: UnixSeconds,
  expires_at: Type.Optional(UnixSeconds),
  has_password: Type.Boolean(),
  max_views: Type.Optional(Type.Integer()),
  allow_download: Type.Boolean(),
  views: Type.Integer({ description: 'How often it was opened' }),
  last_used_at: Type.Optional(UnixSeconds),
})

const Terms = {
  name: Type.String({ maxLength: 200, description: 'For yourself: whom it is for' }),
  password: Type.String({ minLength: 1, maxLength: 1024 }),
  expires_at: UnixSeconds,
  max_views: Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'How often it may be opened' }),
  allow_download: Type.Boolean({
    description: 'Whether the original may be had, however large, and saved by a button; true unless given',
  }),
} as const

const orNull = <T extends Type.TSchema>(schema: T) =>
  Type.Optional(Type.Union([schema, Type.Null()], { description: 'null: none any more' }))

const SlugParams = Type.Object({ slug: Id })
const AlbumParams = Type.Object({ album: Id })
const NewShare = Type.Partial(Type.Object(Terms))
const ShareList = Type.Object({ items: Type.Array(Share) })

/** Answer to `POST /s/{slug}` for programs. */
export type OpenedShare = Static<typeof OpenedShare>
export const OpenedShare = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Id,
      url: Type.Optional(Type.String({ description: 'The image itself, where the link gives it' })),
      preview_url: Type.String({ description: 'Within 2560 × 2560' }),
      thumbnail_url: Type.String(),
      download_url: Type.Optional(Type.String()),
      filename: Type.String(),
      title: Type.Optional(Type.String()),
      mime: Type.String(),
      size: Type.Optional(Type.Integer()),
      width: Type.Optional(Type.Integer()),
      height: Type.Optional(Type.Integer()),
    }),
  ),
  album: Type.Optional(Type.Object({ name: Type.String(), description: Type.Optional(Type.String()) })),
  next_cursor: Type.Optional(
    Type.String({ description: 'Of an album: send it with `grant` for the images that follow' }),
  ),
  zip_url: Type.Optional(Type.String({ description: 'Of an album: all of its images, where the link gives them' })),
  grant: Type.String({ description: 'Send it with the next opening, and that counts no view until `expires_at`' }),
  expires_at: UnixSeconds,
})

export const shareRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/image/:id/shares',
    summary: 'The limited links to your image, the first first',
    scope: 'shares:write',
    limit: 'read',
    params: ImageParams,
    responses: { 200: ShareList },
    errors: ['forbidden', 'not_found', 'invalid_record', 's3_error'],
  },
  create: {
    method: 'POST',
    path: '/api/v1/image/:id/shares',
    summary:
      'Make a limited link to your image. It opens a private image; of one that is not, its own address stays open to whoever knows it',
    scope: 'shares:write',
    audited: 'share.create',
    params: ImageParams,
    body: NewShare,
    responses: { 201: Share },
    errors: ['forbidden', 'not_found', 'too_many_shares', 'invalid_record', 's3_error', 'overloaded'],
  },
  listOfAlbum: {
    method: 'GET',
    path: '/api/v1/album/:album/shares',
    summary: 'The limited links to your album, the first first',
    scope: 'shares:write',
    limit: 'read',
    params: AlbumParams,
    responses: { 200: ShareList },
    errors: ['forbidden', 'not_found'],
  },
  createOfAlbum: {
    method: 'POST',
    path: '/api/v1/album/:album/shares',
    summary: 'Make a limited link to your album. It opens all that is in it at that moment, private images too',
    scope: 'shares:write',
    audited: 'share.create',
    params: AlbumParams,
    body: NewShare,
    responses: { 201: Share },
    errors: ['forbidden', 'not_found', 'too_many_shares', 'overloaded'],
  },
  listAll: {
    method: 'GET',
    path: '/api/v1/me/shares',
    summary: 'Your limited links to all of your images and albums, newest first, also those that have ended',
    scope: 'shares:write',
    limit: 'read',
    query: Type.Object(pageQuery),
    responses: { 200: Type.Object({ items: Type.Array(Share), next_cursor: Type.Optional(Type.String()) }) },
    errors: [],
  },
  update: {
    method: 'PATCH',
    path: '/api/v1/share/:slug',
    summary:
      'Change a limited link; what is left out stays, null takes a limit away. Another password ends what was opened by the one before',
    scope: 'shares:write',
    audited: 'share.update',
    params: SlugParams,
    body: Type.Object({
      name: orNull(Terms.name),
      password: orNull(Terms.password),
      expires_at: orNull(Terms.expires_at),
      max_views: orNull(Terms.max_views),
      allow_download: Type.Optional(Terms.allow_download),
    }),
    responses: { 200: Share },
    errors: ['not_found', 'overloaded'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/share/:slug',
    summary: 'Take a limited link back: within a second it opens nothing any more, nor do the addresses that it gave',
    scope: 'shares:write',
    audited: 'share.delete',
    params: SlugParams,
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), slug: Type.String() }) },
    errors: ['not_found'],
  },
  qrSvg: {
    method: 'GET',
    path: '/api/v1/share/:slug/qr.svg',
    summary: 'The address of a limited link as a QR code',
    scope: 'shares:write',
    limit: 'read',
    params: SlugParams,
    raw: { answers: { 200: 'SVG' } },
    errors: ['not_found'],
  },
  qrPng: {
    method: 'GET',
    path: '/api/v1/share/:slug/qr.png',
    summary: 'The same as PNG, 8 pixels to a module',
    scope: 'shares:write',
    limit: 'read',
    params: SlugParams,
    raw: { answers: { 200: 'PNG' } },
    errors: ['not_found'],
  },
  look: {
    method: 'GET',
    path: '/s/:slug',
    summary:
      'The page of a limited link. Looking at it uses up no view: a link with a password or with limited views asks first, and shows its pictures after that',
    scope: 'none',
    limit: 'read',
    params: SlugParams,
    query: Type.Object({
      ...cursorQuery,
      image: Type.Optional(Type.String({ ...Id, description: 'Of an album: this one of its images alone' })),
    }),
    raw: { answers: { 200: 'A page', 404: 'A page that says so', 410: 'A page that says so' } },
    errors: ['not_found', 'link_ended'],
  },
  open: {
    method: 'POST',
    path: '/s/:slug',
    summary:
      'Opens a limited link, which counts one view, and gives addresses of its images for ten minutes. They end with the link, and when it is taken back',
    scope: 'none',
    limit: 'read',
    params: SlugParams,
    raw: {
      accepts: '`{"password"?, "grant"?, "cursor"?}` in JSON; or the form of the page, which gets a page',
      answers: {
        200: '`{"items": [{"id", "url"?, "preview_url", "thumbnail_url", "download_url"?, "filename", …}], "grant", "expires_at", "album"?, "next_cursor"?, "zip_url"?}`, or a page',
      },
    },
    errors: ['not_found', 'link_ended', 'password_needed', 'password_wrong', 'rate_limited', 's3_error'],
  },
  zip: {
    method: 'GET',
    path: '/s/:slug/zip',
    summary: 'The images of the album behind a limited link as a zip: the `zip_url` of who has opened it',
    scope: 'none',
    limit: 'export',
    params: SlugParams,
    query: Type.Object({
      exp: Type.Optional(UnixSeconds),
      sig: Type.Optional(Type.String({ maxLength: 100 })),
    }),
    raw: { answers: { 200: 'A zip, made while it is sent' } },
    errors: ['not_found', 'forbidden', 's3_error'],
  },
} as const satisfies Routes

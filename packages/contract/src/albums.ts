import { type Static, Type } from 'typebox'
import { GrantRole } from './grants.ts'
import { idsInAddress } from './ids-in-address.ts'
import { Image, pageQuery } from './images.ts'
import type { Routes } from './route.ts'
import { Id, UnixSeconds, Visibility } from './schemas.ts'

/** What the image that stands for an album needs to be shown. */
const Cover = Type.Object({
  id: Id,
  url: Type.String(),
  thumbnail_url: Type.String(),
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  thumbhash: Type.Optional(Type.String()),
  color: Type.Optional(Type.String()),
})

/** An album as it goes over the wire. */
export type Album = Static<typeof Album>
export const Album = Type.Object({
  id: Id,
  owner_uid: Type.String(),
  name: Type.String(),
  description: Type.Optional(Type.String()),
  visibility: Visibility,
  created_at: UnixSeconds,
  page_url: Type.String(),
  role: Type.Optional(
    Type.Union([Type.Literal('owner'), GrantRole], { description: 'What you are to it; absent for visitors' }),
  ),
  image_count: Type.Optional(
    Type.Integer({ description: 'With those in the trash, which keep their places; absent for visitors' }),
  ),
  cover_id: Type.Optional(Type.String({ description: 'The image that was chosen as cover, if one was' })),
  cover: Type.Optional(Cover),
})

const AlbumParams = Type.Object({ album: Id })

const Name = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' })
const Description = Type.String({ maxLength: 5000 })
const AlbumVisibility = Type.Unsafe<Static<typeof Visibility>>({
  ...Visibility,
  description:
    'public, unlisted: whoever has the link sees those of its images that are not private · private: you, and whom you grant it',
})

/** Images named in one call. */
const maxNamed = 200
const Images = Type.Array(Id, { maxItems: maxNamed })

const AlbumList = Type.Object({ items: Type.Array(Album), next_cursor: Type.Optional(Type.String()) })
const ImageList = Type.Object({ items: Type.Array(Image), next_cursor: Type.Optional(Type.String()) })

export const albumRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/me/albums',
    summary: 'Your albums, newest first',
    scope: 'images:read',
    limit: 'read',
    query: Type.Object(pageQuery),
    responses: { 200: AlbumList },
    errors: [],
  },
  create: {
    method: 'POST',
    path: '/api/v1/me/albums',
    summary: 'Make an album; it is private unless told otherwise',
    scope: 'images:write',
    repeatable: true,
    body: Type.Object({
      name: Name,
      description: Type.Optional(Description),
      visibility: Type.Optional(AlbumVisibility),
    }),
    responses: { 201: Album },
    errors: ['too_many_albums'],
  },
  get: {
    method: 'GET',
    path: '/api/v1/album/:album',
    summary: 'One album',
    scope: 'optional',
    limit: 'read',
    params: AlbumParams,
    responses: { 200: Album },
    errors: ['not_found'],
  },
  update: {
    method: 'PATCH',
    path: '/api/v1/album/:album',
    summary: 'Change an album; what is left out stays. Its visibility is for its owner to change',
    scope: 'images:write',
    params: AlbumParams,
    body: Type.Object({
      name: Type.Optional(Name),
      description: Type.Optional(Type.String({ maxLength: 5000, description: 'Empty: none any more' })),
      visibility: Type.Optional(AlbumVisibility),
      cover_id: Type.Optional(
        Type.Union([Id, Type.Null()], { description: 'One of its images; null: the first one again' }),
      ),
    }),
    responses: { 200: Album },
    errors: ['forbidden', 'not_found'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/album/:album',
    summary: 'Delete an album with its grants, limited links and drop links; its images stay',
    scope: 'images:write',
    params: AlbumParams,
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), id: Id }) },
    errors: ['forbidden', 'not_found'],
  },
  images: {
    method: 'GET',
    path: '/api/v1/album/:album/images',
    summary:
      'Its images in their order, as far as you may see them; a page may be shorter than asked for and have a cursor all the same',
    scope: 'optional',
    limit: 'read',
    params: AlbumParams,
    query: Type.Object(pageQuery),
    responses: { 200: ImageList },
    errors: ['not_found'],
  },
  change: {
    method: 'POST',
    path: '/api/v1/album/:album/images',
    summary:
      'Take images out, put own ones in behind the others, and move one; in this order. Who has put an image in may always take it out',
    scope: 'images:write',
    params: AlbumParams,
    body: Type.Object({
      add: Type.Optional(Images),
      remove: Type.Optional(Images),
      move: Type.Optional(
        Type.Object({
          id: Id,
          after: Type.Union([Id, Type.Null()], { description: 'Behind this one; null: before all' }),
        }),
      ),
    }),
    responses: { 200: Type.Object({ status: Type.Literal('changed'), id: Id }) },
    errors: ['forbidden', 'not_found', 'album_full', 'too_many_albums', 'invalid_record'],
  },
  zip: {
    method: 'GET',
    path: '/api/v1/album/:album/zip',
    summary: 'Its images as a zip, in their order, as far as you may see them',
    scope: 'optional',
    limit: 'export',
    params: AlbumParams,
    query: Type.Object({ without: idsInAddress('What you do not want of it') }),
    raw: { answers: { 200: 'A zip, made while it is sent' } },
    errors: ['not_found', 's3_error'],
  },
  held: {
    method: 'GET',
    path: '/api/v1/album/:album/held',
    summary: 'What came in by drop links and waits for you, the longest first',
    scope: 'images:read',
    limit: 'read',
    params: AlbumParams,
    responses: { 200: Type.Object({ items: Type.Array(Image) }) },
    errors: ['forbidden', 'not_found'],
  },
  decide: {
    method: 'POST',
    path: '/api/v1/album/:album/held',
    summary:
      'Let what waits into the album, or delete it at once and for good, which needs the scope `images:delete`. What does not wait any more is passed over',
    scope: 'images:write',
    params: AlbumParams,
    body: Type.Object({ approve: Type.Optional(Images), reject: Type.Optional(Images) }),
    responses: { 200: Type.Object({ approved: Type.Array(Id), rejected: Type.Array(Id) }) },
    errors: ['forbidden', 'not_found', 'album_full', 's3_error'],
  },
  shared: {
    method: 'GET',
    path: '/api/v1/me/shared',
    summary: 'Albums of others that were granted to you, newest grant first',
    scope: 'images:read',
    limit: 'read',
    query: Type.Object(pageQuery),
    responses: { 200: AlbumList },
    errors: [],
  },
} as const satisfies Routes

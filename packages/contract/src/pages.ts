import { type Static, Type } from 'typebox'
import { cursorQuery, ImageParams } from './images.ts'
import type { Routes } from './route.ts'
import { Id } from './schemas.ts'

/** Longest address that we give, several times over. */
const maxUrlLength = 500

const side = (description: string) => Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, description }))

/** A photo as oEmbed 1.0 has it (section 2.3.4.1). */
export type OEmbed = Static<typeof OEmbed>
export const OEmbed = Type.Object({
  version: Type.Literal('1.0'),
  type: Type.Literal('photo'),
  title: Type.String(),
  provider_name: Type.String(),
  provider_url: Type.String(),
  url: Type.String({ description: 'Of the image, or of a preset of it where it must be smaller' }),
  width: Type.Integer(),
  height: Type.Integer(),
  thumbnail_url: Type.String(),
  thumbnail_width: Type.Integer(),
  thumbnail_height: Type.Integer(),
})

/** What people open, and programs that show what is behind a link. */
export const pageRoutes = {
  image: {
    method: 'GET',
    path: '/v/:id',
    summary:
      'The page of an image, as one would give it to people; chats and networks make a card of it unless it is private',
    scope: 'optional',
    limit: 'read',
    params: ImageParams,
    raw: { answers: { 200: 'A page' } },
    errors: ['not_found', 's3_error'],
  },
  album: {
    method: 'GET',
    path: '/a/:album',
    summary: 'The page of an album, as one would give it to people',
    scope: 'optional',
    limit: 'read',
    params: Type.Object({ album: Id }),
    query: Type.Object(cursorQuery),
    raw: { answers: { 200: 'A page' } },
    errors: ['not_found'],
  },
  drop: {
    method: 'GET',
    path: '/d/:slug',
    summary: 'The page of a drop link: a form that takes pictures',
    scope: 'none',
    limit: 'read',
    params: Type.Object({ slug: Id }),
    raw: { answers: { 200: 'A page' } },
    errors: ['not_found', 'link_ended'],
  },
  oembed: {
    method: 'GET',
    path: '/oembed',
    summary: 'What an image is, for pages that show it by its address (oEmbed 1.0, as a photo); never of a private one',
    scope: 'none',
    limit: 'read',
    query: Type.Object({
      url: Type.Optional(
        Type.String({ maxLength: maxUrlLength, description: 'Needed: the `page_url` or `url` of an image' }),
      ),
      maxwidth: side('Pixels'),
      maxheight: side('Pixels'),
      format: Type.Optional(Type.Literal('json', { description: 'There is no other' })),
    }),
    responses: { 200: OEmbed },
    errors: ['not_found', 's3_error'],
  },
} as const satisfies Routes

import { type Static, Type } from 'typebox'
import { Id, Sha256, UnixSeconds, Visibility } from './schemas.ts'

/** Which of the own images; all that are named must hold. */
export type ImageFilters = Static<typeof ImageFilters>
export const ImageFilters = Type.Object({
  q: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Beginnings of words in name, title or tags; without case and accents',
    }),
  ),
  tag: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  album: Type.Optional(
    Type.String({ ...Id, description: 'Yours of this album, in its order; `sort` has no place beside it' }),
  ),
  mime: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  visibility: Type.Optional(Visibility),
  source_sha256: Type.Optional(
    Type.Unsafe<string>({
      ...Sha256,
      description: 'Of the bytes that were sent: whether you have this picture already',
    }),
  ),
  from: Type.Optional(UnixSeconds),
  to: Type.Optional(Type.Integer({ minimum: 0, description: 'Unix seconds; the first that is not in it any more' })),
  month: Type.Optional(
    Type.String({
      pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$',
      description: 'Such as 2026-05, in UTC; instead of from and to',
    }),
  ),
  sort: Type.Optional(
    Type.Union([Type.Literal('created_at'), Type.Literal('taken_at')], {
      description: 'Newest first, by when it came (unless given) or by when it was taken, where that is known',
    }),
  ),
})

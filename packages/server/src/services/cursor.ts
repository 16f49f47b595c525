import { AppError } from '@imagehost/contract/errors'
import type { ImagePosition } from '../ports/images.ts'

/** Where a page of a list ended, as text that clients hand back. It names nothing that the page did not show. */
export const printCursor = ({ createdAt, id }: ImagePosition): string =>
  Buffer.from(`${createdAt} ${id}`).toString('base64url')

/** Throws `validation` for what `printCursor` never made. */
export function parseCursor(text: string): ImagePosition {
  const match = /^(-?\d{1,15}(?:\.\d{1,9})?) ([A-Za-z0-9_-]{1,64})$/.exec(
    Buffer.from(text, 'base64url').toString('latin1'),
  )
  if (!match) {
    throw new AppError('validation', {
      message: 'The cursor is not one that a page before gave.',
      details: { field: 'query.cursor' },
    })
  }
  return { createdAt: Number(match[1]), id: match[2]! }
}

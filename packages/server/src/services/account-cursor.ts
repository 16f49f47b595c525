import { AppError } from '@imagehost/contract/errors'
import type { AccountPosition } from '../ports/accounts.ts'

/** Where a page of accounts ended, as text that clients hand back. */
export const printAccountCursor = ({ name, uid }: AccountPosition): string =>
  Buffer.from(`${uid} ${name}`).toString('base64url')

/** Throws `validation` for what `printAccountCursor` never made. */
export function parseAccountCursor(text: string): AccountPosition {
  const match = /^(\S{1,256}) ([^\0]{0,100})$/su.exec(Buffer.from(text, 'base64url').toString())
  if (!match) {
    throw new AppError('validation', {
      message: 'The cursor is not one that a page before gave.',
      details: { field: 'query.cursor' },
    })
  }
  return { uid: match[1]!, name: match[2]! }
}

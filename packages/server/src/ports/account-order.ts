import type { Account, AccountPosition } from './accounts.ts'

/** NFKC and lower case: `ＡＤＭＩＮ` is `admin`. */
export const foldName = (username: string): string => username.normalize('NFKC').trim().toLowerCase()

/** Names of the Flask project may be of any length; an index and a cursor should not be. */
const maxSortName = 100

/**
 * The name by which accounts are listed and searched: folded, and cut to 100 characters. Without NUL, which parts it from
 * the uid, and without half surrogates, which no store gives back as they were.
 */
export const sortName = (username: string): string =>
  Array.from(foldName(username.toWellFormed()).replaceAll('\0', '')).slice(0, maxSortName).join('')

export const positionOf = ({ username, uid }: Account): AccountPosition => ({ name: sortName(username), uid })

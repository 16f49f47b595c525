import { AppError } from '@imagehost/contract/errors'
import { defaultPageSize } from '@imagehost/contract/images'
import { qrPng, qrSvg } from '../imaging/qr.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Share, ShareChanges, ShareSubject, Shares as SharesPort } from '../ports/shares.ts'
import { type Caller, requireOwner } from './access.ts'
import type { Albums, SeenAlbum } from './albums.ts'
import { parseCursor, printCursor } from './cursor.ts'
import { newSlug } from './ids.ts'
import type { ImageReader } from './image-reader.ts'
import type { LinkPasswords } from './link-passwords.ts'

/** Shares that one image or album may have: listed in one answer. */
const maxShares = 100

export type Shares = ReturnType<typeof createShares>

/** A share as its owner sees it, with the album that it leads to where it leads to one. */
export interface OwnShare {
  share: Share
  album?: SeenAlbum | undefined
}

/** Limited links, as the owners of images and albums make and change them. */
export function createShares(deps: {
  shares: SharesPort
  reader: Pick<ImageReader, 'get'>
  albums: Pick<Albums, 'get' | 'require'>
  linkPasswords: LinkPasswords
  /** Told of each that changed, so that this process at least obeys at once. */
  forget: (slug: string) => void
  clock: Clock
}) {
  const { shares, reader, albums, linkPasswords, forget, clock } = deps

  /** Throws as `requireOwned` does, `too_many_shares`, and `validation` for a time that is over. */
  async function create(caller: Caller, subject: ShareSubject, terms: ShareTerms): Promise<OwnShare> {
    await requireOwned(caller, subject)
    const { name, password, expiresAt, maxViews, allowDownload = true } = terms
    checkExpiry(expiresAt)
    const share = {
      slug: newSlug(),
      ownerUid: caller.uid,
      ...subject,
      createdAt: unixSeconds(clock),
      allowDownload,
      ...(name && { name }),
      ...(password && { passwordHash: await linkPasswords.hash(password) }),
      ...(expiresAt && { expiresAt }),
      ...(maxViews && { maxViews }),
    }
    const outcome = await shares.create(share, { max: maxShares })
    if (outcome === 'full') throw new AppError('too_many_shares', { details: { max: maxShares } })
    if (outcome === 'missing') throw new AppError('not_found')
    return withAlbum(caller, { ...share, views: 0 })
  }

  /** All to one image or album. Throws as `requireOwned` does. */
  async function list(caller: Caller, subject: ShareSubject): Promise<OwnShare[]> {
    await requireOwned(caller, subject)
    const found = await shares.list(subject)
    return Promise.all(found.map((share) => withAlbum(caller, share)))
  }

  /** A page of all of the caller's, newest first. Throws `validation` for a cursor that is not ours. */
  async function listAll(caller: Caller, { limit = defaultPageSize, cursor }: PageRequest): Promise<SharePage> {
    const after = cursor === undefined ? undefined : parseCursor(cursor)
    const { items, next } = await shares.listOf(caller.uid, { limit, ...(after && { after }) })
    const own = await Promise.all(items.map((share) => withAlbum(caller, share)))
    return { items: own, ...(next && { nextCursor: printCursor(next) }) }
  }

  /** Changes what is named; null takes a thing away. Throws `not_found`, `validation`. */
  async function update(caller: Caller, slug: string, { password, ...terms }: ShareTerms): Promise<OwnShare> {
    await requireOwn(caller, slug)
    checkExpiry(terms.expiresAt)
    const changed = await shares.update(slug, {
      ...withoutUndefined(terms),
      ...(terms.name === '' && { name: null }),
      ...(password !== undefined && { passwordHash: password === null ? null : await linkPasswords.hash(password) }),
    })
    forget(slug)
    if (!changed) throw new AppError('not_found')
    return withAlbum(caller, changed)
  }

  /** Takes it back. Throws `not_found`. */
  async function remove(caller: Caller, slug: string): Promise<Share> {
    const share = await requireOwn(caller, slug)
    const isGone = !(await shares.delete(slug))
    forget(slug)
    if (isGone) throw new AppError('not_found')
    return share
  }

  /** The address of it to be read by a camera. Throws `not_found`. */
  async function drawQr(
    caller: Caller,
    slug: string,
    address: string,
    format: 'svg' | 'png',
  ): Promise<string | Buffer> {
    await requireOwn(caller, slug)
    return format === 'svg' ? qrSvg(address) : qrPng(address)
  }

  /** Throws `not_found` where the caller may not know of it, `forbidden` where they don't own it, and `invalid_record`. */
  async function requireOwned(caller: Caller, { imageId, albumId }: ShareSubject): Promise<void> {
    if (albumId === undefined) requireOwner(caller, await reader.get(imageId))
    else await albums.require(caller, albumId, 'own')
  }

  async function withAlbum(caller: Caller, share: Share): Promise<OwnShare> {
    if (share.albumId === undefined) return { share }
    // An album that goes in this moment takes its shares with it.
    return { share, album: await albums.get(caller, share.albumId).catch(unlessMissing) }
  }

  /** Whoever has the link is not its owner: to them there is nothing to change. */
  async function requireOwn(caller: Caller, slug: string): Promise<Share> {
    const share = await shares.find(slug)
    if (share?.ownerUid !== caller.uid) throw new AppError('not_found')
    return share
  }

  function checkExpiry(expiresAt: number | null | undefined): void {
    if (!expiresAt || expiresAt > unixSeconds(clock)) return
    const message = 'A link ends in the future; to end it now, delete it.'
    throw new AppError('validation', { message, details: { field: 'body.expires_at' } })
  }

  return { create, list, listAll, update, remove, drawQr }
}

/** What is asked of a share; null: nothing any more. */
export interface ShareTerms {
  name?: string | null | undefined
  password?: string | null | undefined
  /** Unix seconds. */
  expiresAt?: number | null | undefined
  maxViews?: number | null | undefined
  allowDownload?: boolean | undefined
}

interface PageRequest {
  limit?: number | undefined
  cursor?: string | undefined
}

interface SharePage {
  items: OwnShare[]
  nextCursor?: string
}

/** Undefined for what is gone. */
function unlessMissing(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'not_found') throw error
}

const withoutUndefined = (terms: ShareTerms): ShareChanges =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined))

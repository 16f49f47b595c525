import { AppError } from '@imagehost/contract/errors'
import type { Visibility } from '@imagehost/contract/schemas'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Drop, DropChanges, Drops as DropsPort } from '../ports/drops.ts'
import type { Caller } from './access.ts'
import type { Albums } from './albums.ts'
import { newSlug } from './ids.ts'
import type { LinkPasswords } from './link-passwords.ts'

/** Drop links that one album may have: listed in one answer. */
const maxDrops = 100

export type Drops = ReturnType<typeof createDrops>

/** Drop links, as the owners of albums make and change them. */
export function createDrops(deps: {
  drops: DropsPort
  albums: Pick<Albums, 'require'>
  linkPasswords: LinkPasswords
  clock: Clock
  /** Whether the bucket is publicly readable, so that nothing in it can be private. */
  isStoragePublic: () => boolean
}) {
  const { drops, albums, linkPasswords, clock, isStoragePublic } = deps

  /** Throws `not_found`, `forbidden`, `too_many_drops`, `storage_public`, and `validation` for a time that is over. */
  async function create(caller: Caller, albumId: string, terms: DropTerms): Promise<Drop> {
    await albums.require(caller, albumId, 'own')
    const { name, password, expiresAt, maxFiles, maxBytes } = terms
    const { showsAlbum = false, holds = false, visibility = 'unlisted' } = terms
    check({ expiresAt, holds, visibility })
    const drop = {
      slug: newSlug(),
      albumId,
      createdAt: unixSeconds(clock),
      showsAlbum,
      holds,
      visibility,
      ...(name && { name }),
      ...(password && { passwordHash: await linkPasswords.hash(password) }),
      ...(expiresAt && { expiresAt }),
      ...(maxFiles && { maxFiles }),
      ...(maxBytes && { maxBytes }),
    }
    const outcome = await drops.create(drop, { max: maxDrops })
    if (outcome === 'full') throw new AppError('too_many_drops', { details: { max: maxDrops } })
    if (outcome === 'missing') throw new AppError('not_found')
    return { ...drop, files: 0, bytes: 0 }
  }

  /** Throws `not_found`, `forbidden`. */
  async function list(caller: Caller, albumId: string): Promise<Drop[]> {
    await albums.require(caller, albumId, 'own')
    return drops.list(albumId)
  }

  /** Changes what is named; null takes a thing away. Throws `not_found`, `storage_public`, `validation`. */
  async function update(caller: Caller, slug: string, { password, ...terms }: DropTerms): Promise<Drop> {
    const drop = await requireOwn(caller, slug)
    check({ ...drop, expiresAt: undefined, ...withoutUndefined(terms) })
    const changed = await drops.update(slug, {
      ...withoutUndefined(terms),
      ...(terms.name === '' && { name: null }),
      ...(password !== undefined && { passwordHash: password === null ? null : await linkPasswords.hash(password) }),
    })
    if (!changed) throw new AppError('not_found')
    return changed
  }

  /** Takes it back. Throws `not_found`. */
  async function remove(caller: Caller, slug: string): Promise<Drop> {
    const drop = await requireOwn(caller, slug)
    if (!(await drops.delete(slug))) throw new AppError('not_found')
    return drop
  }

  /** Whoever has the link is not its owner: to them it is not there. */
  async function requireOwn(caller: Caller, slug: string): Promise<Drop> {
    const drop = await drops.find(slug)
    if (!drop) throw new AppError('not_found')
    await albums.require(caller, drop.albumId, 'own').catch(() => {
      throw new AppError('not_found')
    })
    return drop
  }

  function check({ expiresAt, holds, visibility }: Pick<DropTerms, 'expiresAt' | 'holds' | 'visibility'>): void {
    if (expiresAt && expiresAt <= unixSeconds(clock)) {
      const message = 'A drop link ends in the future; to end it now, delete it.'
      throw new AppError('validation', { message, details: { field: 'body.expires_at' } })
    }
    if ((holds || visibility === 'private') && isStoragePublic()) throw new AppError('storage_public')
  }

  return { create, list, update, remove }
}

/** What is asked of a link; null: nothing any more. */
export interface DropTerms {
  name?: string | null | undefined
  password?: string | null | undefined
  /** Unix seconds. */
  expiresAt?: number | null | undefined
  maxFiles?: number | null | undefined
  maxBytes?: number | null | undefined
  showsAlbum?: boolean | undefined
  holds?: boolean | undefined
  visibility?: Visibility | undefined
}

const withoutUndefined = (terms: DropTerms): DropChanges =>
  Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined))

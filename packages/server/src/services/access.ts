import { AppError } from '@imagehost/contract/errors'
import type { Preferences } from '@imagehost/contract/preferences'
import type { Visibility } from '@imagehost/contract/schemas'
import { allows, type Scope } from '@imagehost/contract/scopes'
import type { AccountQuota } from '../ports/accounts.ts'
import type { Album } from '../ports/albums.ts'
import type { GrantRole } from '../ports/grants.ts'
import type { ImageRecord } from '../ports/images.ts'
import type { ExpiryRules } from './expiry.ts'

/** Who makes a request, as far as the credentials say. */
export interface Caller {
  uid: string
  username: string
  scopes: readonly Scope[]
  /** Id of the key; `legacy` for keys of the Flask project, which have none. */
  keyId: string
  preferences: Preferences
  /** Limits of its own, so that an upload need not ask for them. */
  quota?: AccountQuota
  /** How long what it uploads may live, where that is not as for all. */
  expiry?: ExpiryRules
  /** Where a session cookie brought it: until when it counts as just confirmed, Unix seconds. Absent for keys. */
  confirmedUntil?: number
}

/** In the place of the key of those who have none. */
export const guestKeyId = 'guest'

/** Whether it is somebody without an account: they can upload, and are nobody's owner to anyone, themselves included. */
export const isGuest = ({ keyId }: Caller): boolean => keyId === guestKeyId

/** Every permission question of the house is answered in this file. */

export function requireScope(caller: Caller | undefined, scope: Scope): Caller {
  if (!caller) throw new AppError('auth')
  if (!allows(caller.scopes, scope)) throw new AppError('insufficient_scope', { details: { scope } })
  return caller
}

/** Throws `confirmation_needed` for a session whose owner has not given the password or a code a moment ago. */
export function requireConfirmed({ confirmedUntil }: Caller, now: number): void {
  if (confirmedUntil !== undefined && now >= confirmedUntil) throw new AppError('confirmation_needed')
}

/** Records of the Flask project were all reachable by their link, whatever their `private` field said. */
export const visibilityOf = (image: Pick<ImageRecord, 'visibility'>): Visibility => image.visibility ?? 'unlisted'

export const isOwner = (caller: Caller | undefined, image: ImageRecord): boolean =>
  caller !== undefined && image.ownerUid === caller.uid

const isAdministrator = (caller: Caller | undefined): boolean => caller?.scopes.includes('admin') ?? false

/**
 * Whether an administrator keeps it from everybody but its owner and administrators. It goes before every other way in:
 * links, shares and signatures that its owner gave away open nothing while it is so.
 */
const isHidden = ({ hiddenAt }: Pick<ImageRecord, 'hiddenAt'>): boolean => hiddenAt !== undefined

/**
 * Whether the caller may know that this image exists, and see it. Otherwise it is answered like one that doesn't. An
 * administrator sees what was reported and hidden, and never what its owner keeps private.
 */
export function canSee(caller: Caller | undefined, image: ImageRecord): boolean {
  const isOpen = visibilityOf(image) !== 'private' && (!isHidden(image) || isAdministrator(caller))
  return isOpen || isOwner(caller, image)
}

/** The same for whoever holds a signature of its owner's: that opens what is private, and nothing that is hidden. */
export const canSeeSigned = (caller: Caller | undefined, image: ImageRecord): boolean =>
  !isHidden(image) || canSee(caller, image)

/** Whether a share that `ownerUid` has made opens the image: private too, as long as it is theirs and nobody hides it. */
export const opensByShare = (image: ImageRecord, ownerUid: string): boolean =>
  image.ownerUid === ownerUid && !isHidden(image)

/**
 * Whether the answer to an upload holds the link that deletes the image: for who made it, and otherwise for who may delete
 * it anyway. A stolen key that can only upload gets none for what was there before.
 */
export const mayHaveDeleteLink = ({ scopes }: Caller, isNew: boolean): boolean =>
  isNew || allows(scopes, 'images:delete')

/** Whether the caller may have any variant of it made, without a signature: that is work for the server. */
export const mayTransform = (caller: Caller | undefined, image: ImageRecord): boolean =>
  caller !== undefined && isOwner(caller, image) && allows(caller.scopes, 'images:read')

/** Whether its time is over: then it is gone for everybody, its owner too. `now` in Unix seconds. */
export const isExpired = ({ expiresAt }: Pick<ImageRecord, 'expiresAt'>, now: number): boolean =>
  expiresAt !== undefined && expiresAt <= now

/** Whether shared caches and lasting public addresses may hold the bytes. */
export const isShareable = (image: ImageRecord): boolean => visibilityOf(image) !== 'private' && !isHidden(image)

/**
 * Throws `not_found` where the caller may not know of the image, `forbidden` where they may but don't own it, and
 * `invalid_record` where an old record names no owner.
 */
export function requireOwner(caller: Caller, image: ImageRecord | undefined): ImageRecord {
  if (!image || !canSee(caller, image)) throw new AppError('not_found')
  if (image.ownerUid === '') throw new AppError('invalid_record', { details: { field: 'owner_uid' } })
  if (!isOwner(caller, image)) throw new AppError('forbidden')
  return image
}

/** What somebody is to an album; absent: a visitor. */
export type AlbumRole = GrantRole | 'owner'

/** What may be done in an album besides seeing it: put own images in, change it, and say who else may. */
export type AlbumRight = 'add' | 'edit' | 'own'

const albumRights: Readonly<Record<AlbumRole, readonly AlbumRight[]>> = {
  view: [],
  add: ['add'],
  edit: ['add', 'edit'],
  owner: ['add', 'edit', 'own'],
}

export const hasAlbumRight = (role: AlbumRole | undefined, right: AlbumRight): boolean =>
  role !== undefined && albumRights[role].includes(right)

/** Throws `not_found` where they may not know of the album, and `forbidden` where they may but lack the right. */
export function requireAlbum(role: AlbumRole | undefined, album: Album | undefined, right?: AlbumRight): Album {
  if (!album || (role === undefined && album.visibility === 'private')) throw new AppError('not_found')
  if (right && !hasAlbumRight(role, right)) throw new AppError('forbidden')
  return album
}

/**
 * Whether the caller sees this image in an album where they are that: who the album belongs or is granted to sees what its
 * owners keep private; nobody but an image's owner sees what an administrator has hidden.
 */
export const canSeeInAlbum = (caller: Caller | undefined, role: AlbumRole | undefined, image: ImageRecord): boolean =>
  canSee(caller, image) || (role !== undefined && !isHidden(image))

/** What a share of its owner's makes of whoever opens it: they see what those see whom the album is granted. */
export const sharedAlbumRole: AlbumRole = 'view'

/** Whether the caller may see the image by an album only, so that those that it is in have to be looked at. */
export const dependsOnAlbums = (caller: Caller, image: ImageRecord): boolean =>
  !canSee(caller, image) && !isHidden(image)

import { randomUUID } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import { withDefaults } from '@imagehost/contract/preferences'
import type { Account, Accounts } from '../ports/accounts.ts'
import type { Album, Albums } from '../ports/albums.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { Drop, Drops as DropsPort } from '../ports/drops.ts'
import type { ImageRecord } from '../ports/images.ts'
import type { Caller } from './access.ts'
import type { AlbumImages, AlbumPage, AlbumPageRequest } from './album-images.ts'
import type { LinkPasswords } from './link-passwords.ts'
import type { Spooled } from './spool.ts'
import type { Uploads } from './uploads.ts'

export type DropUploads = ReturnType<typeof createDropUploads>

/** A drop link that takes uploads at this moment. */
export interface OpenDrop {
  drop: Drop
  album: Album
  owner: Account
}

export interface DroppedImage {
  image: ImageRecord
  isHeld: boolean
}

/** What people without an account do by a drop link. What they send belongs to the owner of the album from the first byte on. */
export function createDropUploads(deps: {
  drops: DropsPort
  albums: Pick<Albums, 'find'>
  accounts: Pick<Accounts, 'find'>
  contents: Pick<AlbumImages, 'pageAs'>
  uploads: Pick<Uploads, 'receive'>
  linkPasswords: LinkPasswords
  clock: Clock
}) {
  const { drops, albums, accounts, contents, uploads, linkPasswords, clock } = deps

  /** The link; no password is asked for yet. Throws `not_found`, and `link_ended` once its time is over. */
  async function find(slug: string): Promise<OpenDrop> {
    const drop = await drops.find(slug)
    const album = drop && (await albums.find(drop.albumId))
    const owner = album && (await accounts.find(album.ownerUid))
    if (!drop || !album || !owner || owner.disabledAt !== undefined) throw new AppError('not_found')
    if (drop.expiresAt !== undefined && drop.expiresAt <= unixSeconds(clock)) throw new AppError('link_ended')
    return { drop, album, owner }
  }

  /** The same for whoever knows its password. Throws `password_needed`, `password_wrong`, `rate_limited`. */
  async function enter(slug: string, { password, address }: Visit): Promise<OpenDrop> {
    const open = await find(slug)
    await linkPasswords.check(open.drop, password, address)
    return open
  }

  /** Throws `link_full` where not even a file of one byte would be taken: call it before bytes are received. */
  function requireRoom({ drop }: OpenDrop): void {
    if (left(drop.maxFiles, drop.files) < 1 || left(drop.maxBytes, drop.bytes) < 1) throw new AppError('link_full')
  }

  /** What is in the album, as any visitor of it would see it; empty where the link does not show it. */
  async function images({ drop, album }: OpenDrop, page: AlbumPageRequest): Promise<AlbumPage> {
    return drop.showsAlbum ? contents.pageAs(undefined, undefined, album.id, page) : { items: [] }
  }

  /**
   * One file. Counted before anything else is done with it, in one step, and no longer if it is refused. Throws `link_ended`,
   * `link_full`, and as `Uploads.receive` does; never tells what the owner holds.
   */
  async function receive(open: OpenDrop, source: Spooled, file: { filename: string; mime: string }) {
    const { drop } = open
    const ticket = randomUUID()
    const counted = await drops.take(drop.slug, { ticket, bytes: source.size, now: unixSeconds(clock) })
    if (counted === 'gone') throw new AppError('link_ended')
    if (counted === 'full') throw new AppError('link_full')
    try {
      const image = await keep(open, ticket, source, file)
      await drops.keep(drop.slug, ticket)
      return { image, isHeld: drop.holds } satisfies DroppedImage
    } catch (error) {
      // Where nobody knows whether the image was saved, the sweeper finds out.
      if (error instanceof AppError && error.code !== 'save_error') await drops.giveBack(drop.slug, ticket)
      throw discreet(error)
    }
  }

  async function keep({ drop, album, owner }: OpenDrop, ticket: string, source: Spooled, file: ReceivedName) {
    const { image } = await uploads.receive(callerFor(owner), source, {
      ...file,
      visibility: drop.holds ? 'private' : drop.visibility,
      // Neither may a guest learn that the owner has the picture, nor does it count as theirs.
      allow_duplicate: true,
      keep_metadata: false,
      place: {
        albumId: album.id,
        drop: { slug: drop.slug, ticket },
        ...(drop.holds && { heldAs: drop.visibility }),
      },
    })
    return image
  }

  return { find, enter, requireRoom, images, receive }
}

/** What a visitor brings. */
interface Visit {
  password: string | undefined
  address: string
}

interface ReceivedName {
  filename: string
  mime: string
}

/** What is left of a limit. */
export const left = (max: number | undefined, used: number): number => (max === undefined ? Infinity : max - used)

/** The owner, as far as an upload needs one; may nothing else. */
const callerFor = ({ uid, username, preferences, quota }: Account): Caller => ({
  uid,
  username,
  scopes: ['upload'],
  keyId: 'drop',
  preferences: withDefaults(preferences ?? {}),
  ...(quota && { quota }),
})

/** Errors whose details say how much the owner has. */
const telling: ReadonlySet<AppError['code']> = new Set<AppError['code']>(['quota_exceeded', 'too_many_drafts'])

const discreet = (error: unknown): unknown =>
  error instanceof AppError && telling.has(error.code)
    ? new AppError(error.code, { message: 'The owner of the album has no room for it.', cause: error })
    : error

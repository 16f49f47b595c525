import { AppError } from '@imagehost/contract/errors'
import { presets } from '@imagehost/contract/presets'
import type { Album, Albums } from '../ports/albums.ts'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord } from '../ports/images.ts'
import type { Share, Shares } from '../ports/shares.ts'
import { canSeeInAlbum, opensByShare, sharedAlbumRole } from './access.ts'
import type { AlbumAccess } from './album-access.ts'
import type { AlbumImages, AlbumPageRequest } from './album-images.ts'
import type { ImageReader } from './image-reader.ts'
import type { LinkPasswords } from './link-passwords.ts'
import { createRecent } from './recent.ts'
import type { ShareGrants } from './share-grants.ts'
import type { Signature } from './transform-signing.ts'

/** Shares, and albums, remembered for a moment, some hundred bytes each. */
const recentEntries = 10_000

/** What a visitor of a share comes to. */
export type Shared =
  | { share: Share; image: ImageRecord; album?: undefined }
  | { share: Share; album: Album; image?: undefined }

export type OpenedShare = Shared & { grant: Signature }

/** One image behind a link that was opened, and by what its addresses are signed. */
export interface SharedImage {
  share: Share
  image: ImageRecord
  signature: Signature
}

export type ShareOpenings = ReturnType<typeof createShareOpenings>

/**
 * Limited links, as visitors use them. Looking at a link costs nothing, since chats and mail programs do that by themselves;
 * opening it counts a view and gives a grant, and with that the addresses of what is behind it.
 */
export function createShareOpenings(deps: {
  shares: Pick<Shares, 'find' | 'consumeView'>
  reader: Pick<ImageReader, 'get'>
  albums: Pick<Albums, 'find'>
  contents: Pick<AlbumImages, 'pageAs'>
  access: Pick<AlbumAccess, 'isIn'>
  linkPasswords: LinkPasswords
  grants: ShareGrants
  clock: Clock
}) {
  const { shares, reader, albums, contents, access, linkPasswords, grants, clock } = deps
  const recent = createRecent<Share>({ clock, maxEntries: recentEntries })
  const recentAlbums = createRecent<Album>({ clock, maxEntries: recentEntries })

  /** Throws `not_found` where there is nothing to see, and `link_ended` once its time is over or its views are used up. */
  async function find(slug: string): Promise<Shared> {
    const shared = await follow(await shares.find(slug))
    if (isOver(shared.share) || isUsedUp(shared.share)) throw new AppError('link_ended')
    return shared
  }

  /** The same for whoever has opened it a moment ago; undefined for others. Counts nothing. */
  async function resume(slug: string, grant: Signature | undefined): Promise<OpenedShare | undefined> {
    const share = grant && (await shares.find(slug))
    if (!share || grant.exp <= unixSeconds(clock) || isOver(share)) return undefined
    return grants.isGenuine(share, idOf(share), grant) ? { ...(await follow(share)), grant } : undefined
  }

  /** Throws as `find` does, and `password_needed`, `password_wrong`, `rate_limited`. */
  async function open(slug: string, { password, address, grant }: Opening): Promise<OpenedShare> {
    const resumed = await resume(slug, grant)
    if (resumed) return resumed
    const shared = await find(slug)
    await linkPasswords.check(shared.share, password, address)
    const consumed = await shares.consumeView(slug, unixSeconds(clock))
    if (consumed !== 'opened') throw new AppError(consumed === 'ended' ? 'link_ended' : 'not_found')
    return grantTo(shared)
  }

  /** Opens what needs neither a password nor a count, and so nobody's leave. */
  const grantTo = (shared: Shared): OpenedShare => ({
    ...shared,
    grant: grants.sign(shared.share, idOf(shared.share)),
  })

  /** Counts what somebody saw of a share that `isFree`. It takes the picture from nobody if that fails. */
  async function countLook({ slug }: Share): Promise<void> {
    await shares.consumeView(slug, unixSeconds(clock)).catch(() => {})
  }

  /** Its images, or as many of an album as were asked for. Throws `validation` for a cursor that is not ours. */
  async function page(opened: OpenedShare, request: AlbumPageRequest): Promise<SharedPage> {
    if (!opened.album) return { items: [signed(opened, opened.image)] }
    const { items, nextCursor } = await contents.pageAs(undefined, sharedAlbumRole, opened.album.id, request)
    return {
      items: items.map((image) => signed(opened, image)),
      ...(nextCursor !== undefined && { nextCursor }),
    }
  }

  /** One of them. Throws `not_found`. */
  async function image(opened: OpenedShare, id: string): Promise<SharedImage> {
    const found = await reader.get(id)
    if (!found || !(await gives(opened.share, found))) throw new AppError('not_found')
    return signed(opened, found)
  }

  /** Its addresses end with the grant. */
  const signed = ({ share, grant }: OpenedShare, found: ImageRecord): SharedImage => ({
    share,
    image: found,
    signature: grants.sign(share, found.id, grant.exp),
  })

  /**
   * The image for whoever holds a signature, up to 750 ms after the share has changed. Throws `not_found` where share or image
   * are gone, over or not this, `signature_expired` for one that was genuine, and `forbidden` for what this share does not give.
   */
  async function admit(imageId: string, { slug, grant, isPreset, isDownload }: Admission): Promise<ImageRecord> {
    const share = await recent.get(slug, () => shares.find(slug))
    if (!share || isOver(share) || !grants.isGenuine(share, imageId, grant)) throw new AppError('not_found')
    if (grant.exp <= unixSeconds(clock)) throw new AppError('signature_expired')
    const found = await reader.get(imageId)
    if (!found || !(await gives(share, found))) throw new AppError('not_found')
    if (isDownload) requireDownload(share)
    if (!isPreset && !givesOriginal(share, found))
      throw new AppError('forbidden', { message: 'This link does not give the original; ask for a preset.' })
    return found
  }

  /** Whether it leads to this image: for an album, as long as the image is in it. Up to 750 ms old. */
  async function gives({ imageId, albumId, ownerUid }: Share, found: ImageRecord): Promise<boolean> {
    if (albumId === undefined) return imageId === found.id && opensByShare(found, ownerUid)
    const album = await recentAlbums.get(albumId, () => albums.find(albumId))
    return album !== undefined && canSeeInAlbum(undefined, sharedAlbumRole, found) && access.isIn(albumId, found.id)
  }

  async function follow(share: Share | undefined): Promise<Shared> {
    if (share?.albumId !== undefined) {
      const album = await albums.find(share.albumId)
      if (album) return { share, album }
    } else if (share) {
      const found = await reader.get(share.imageId)
      if (found && (await gives(share, found))) return { share, image: found }
    }
    throw new AppError('not_found')
  }

  const isOver = ({ expiresAt }: Share): boolean => expiresAt !== undefined && expiresAt <= unixSeconds(clock)

  return { find, resume, open, grantTo, countLook, page, image, admit, forget: recent.forget }
}

/** What somebody brings who opens a share. */
interface Opening {
  password: string | undefined
  address: string
  /** From an opening before. */
  grant: Signature | undefined
}

export interface SharedPage {
  items: SharedImage[]
  nextCursor?: string
}

/** What somebody with a signature asks for. */
interface Admission {
  slug: string
  grant: Signature
  isPreset: boolean
  isDownload: boolean
}

/** Whether it may be looked at without a form in between, where programs that only preview a link can do no harm. */
export const isFree = ({ passwordHash, maxViews }: Share): boolean =>
  passwordHash === undefined && maxViews === undefined

/** Throws `forbidden` where nothing may be saved. */
export function requireDownload({ allowDownload }: Share): void {
  if (!allowDownload) throw new AppError('forbidden', { message: 'This link gives no downloads.' })
}

/** Where nothing may be saved, an original that is no larger than the largest preset tells no more than that. */
export const givesOriginal = ({ allowDownload }: Share, { width, height }: ImageRecord): boolean =>
  allowDownload || Math.max(width ?? Infinity, height ?? Infinity) <= largestSide

const largestSide = Math.max(Number(presets.large.transform.w), Number(presets.large.transform.h))

const idOf = (share: Share): string => share.albumId ?? share.imageId

const isUsedUp = ({ views, maxViews }: Share): boolean => maxViews !== undefined && views >= maxViews

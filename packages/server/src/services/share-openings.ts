import { createHmac, timingSafeEqual } from 'node:crypto'
import { AppError } from '@imagehost/contract/errors'
import { presets } from '@imagehost/contract/presets'
import { type Clock, unixSeconds } from '../ports/clock.ts'
import type { ImageRecord } from '../ports/images.ts'
import type { Share, Shares } from '../ports/shares.ts'
import { opensByShare } from './access.ts'
import type { ImageReader } from './image-reader.ts'
import type { LinkPasswords } from './link-passwords.ts'
import { createRecent } from './recent.ts'
import type { Signature } from './transform-signing.ts'

/** How long somebody who has opened a share looks at it, and may look again, for one view. */
const grantSeconds = 600
/** Shares remembered for a moment, some hundred bytes each. */
const recentShares = 10_000

/** What a visitor of a share sees: the link and its image. */
export interface SharedImage {
  share: Share
  image: ImageRecord
}

export interface OpenedShare extends SharedImage {
  grant: Signature
}

export type ShareOpenings = ReturnType<typeof createShareOpenings>

/**
 * Limited links, as visitors use them. Looking at a link costs nothing, since chats and mail programs do that by themselves;
 * opening it counts a view and gives a grant: an HMAC over the share, its image, its password and an end. A grant is worth
 * nothing without the share, which is looked at again at each use.
 */
export function createShareOpenings(deps: {
  shares: Pick<Shares, 'find' | 'consumeView'>
  reader: Pick<ImageReader, 'get'>
  linkPasswords: LinkPasswords
  clock: Clock
  /** Signs, and verifies. */
  current: Buffer
  /** Only verify. */
  previous: readonly Buffer[]
}) {
  const { shares, reader, linkPasswords, clock, current, previous } = deps
  const recent = createRecent<Share>({ clock, maxEntries: recentShares })

  /** Throws `not_found` where there is nothing to see, and `link_ended` once its time is over or its views are used up. */
  async function find(slug: string): Promise<SharedImage> {
    const shared = await findShared(slug, await shares.find(slug))
    if (isOver(shared.share) || isUsedUp(shared.share)) throw new AppError('link_ended')
    return shared
  }

  /** The same for whoever has opened it a moment ago; undefined for others. Counts nothing. */
  async function resume(slug: string, grant: Signature | undefined): Promise<OpenedShare | undefined> {
    const share = grant && (await shares.find(slug))
    if (!share || !isGenuine(share, grant) || grant.exp <= unixSeconds(clock) || isOver(share)) return undefined
    return { ...(await findShared(slug, share)), grant }
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

  /** What needs neither a password nor a count, and so nobody's leave. */
  function grantTo({ share, image }: SharedImage): OpenedShare {
    const exp = Math.min(unixSeconds(clock) + grantSeconds, share.expiresAt ?? Infinity)
    return { share, image, grant: { sig: mac(current, share, exp).toString('base64url'), exp } }
  }

  /**
   * The image for whoever holds a grant, up to 750 ms after the share has changed. Throws `not_found` where share or image are
   * gone, over or not this, `signature_expired` for a grant that was genuine, and `forbidden` for what this share does not give.
   */
  async function admit(imageId: string, { slug, grant, isPreset, isDownload }: Admission): Promise<ImageRecord> {
    const share = await recent.get(slug, () => shares.find(slug))
    if (!share || share.imageId !== imageId || isOver(share) || !isGenuine(share, grant))
      throw new AppError('not_found')
    if (grant.exp <= unixSeconds(clock)) throw new AppError('signature_expired')
    const { image } = await findShared(slug, share)
    if (isDownload && !share.allowDownload)
      throw new AppError('forbidden', { message: 'This link gives no downloads.' })
    if (!isPreset && !givesOriginal({ share, image }))
      throw new AppError('forbidden', { message: 'This link does not give the original; ask for a preset.' })
    return image
  }

  async function findShared(slug: string, share: Share | undefined): Promise<SharedImage> {
    const image = share && (await reader.get(share.imageId))
    if (!share || share.slug !== slug || !image || !opensByShare(image, share.ownerUid)) throw new AppError('not_found')
    return { share, image }
  }

  const isOver = ({ expiresAt }: Share): boolean => expiresAt !== undefined && expiresAt <= unixSeconds(clock)

  function isGenuine(share: Share, { sig, exp }: Signature): boolean {
    const given = Buffer.from(sig)
    return [current, ...previous].some((key) => {
      const expected = Buffer.from(mac(key, share, exp).toString('base64url'))
      return given.length === expected.length && timingSafeEqual(given, expected)
    })
  }

  return { find, resume, open, grantTo, admit, forget: recent.forget }
}

/** What somebody brings who opens a share. */
interface Opening {
  password: string | undefined
  address: string
  /** From an opening before. */
  grant: Signature | undefined
}

/** What somebody with a grant asks for. */
export interface Admission {
  slug: string
  grant: Signature
  isPreset: boolean
  isDownload: boolean
}

/** Whether it may be looked at without a form in between, where programs that only preview a link can do no harm. */
export const isFree = ({ passwordHash, maxViews }: Share): boolean =>
  passwordHash === undefined && maxViews === undefined

/** Where nothing may be saved, an original that is no larger than the largest preset tells no more than that. */
export const givesOriginal = ({ share, image: { width, height } }: SharedImage): boolean =>
  share.allowDownload || Math.max(width ?? Infinity, height ?? Infinity) <= largestSide

const largestSide = Math.max(Number(presets.large.transform.w), Number(presets.large.transform.h))

const isUsedUp = ({ views, maxViews }: Share): boolean => maxViews !== undefined && views >= maxViews

/** The first line keeps this use of the key apart from any other; with another password every grant before it ends. */
const mac = (key: Buffer, { slug, imageId, passwordHash }: Share, exp: number): Buffer =>
  createHmac('sha256', key)
    .update(`imagehost share\n${slug}\n${imageId}\n${passwordHash ?? ''}\n${exp}`)
    .digest()

import type { OpenedShare as OpenedShareOnWire, Share as ShareOnWire } from '@imagehost/contract/shares'
import type { Share } from '../../ports/shares.ts'
import { givesOriginal, type OpenedShare } from '../../services/share-openings.ts'
import type { Signature } from '../../services/transform-signing.ts'
import type { Origins } from '../base-url.ts'
import { addressOf } from './image.ts'

/** A limited link as its owner sees it: never its password, nor the hash of it. */
export const presentShare = (share: Share, origins: Origins): ShareOnWire => ({
  slug: share.slug,
  url: shareUrl(share.slug, origins),
  image_id: share.imageId,
  thumbnail_url: `${origins.page}/i/${share.imageId}?preset=thumb`,
  ...(share.name !== undefined && { name: share.name }),
  created_at: share.createdAt,
  ...(share.expiresAt !== undefined && { expires_at: share.expiresAt }),
  has_password: share.passwordHash !== undefined,
  ...(share.maxViews !== undefined && { max_views: share.maxViews }),
  allow_download: share.allowDownload,
  views: share.views,
  ...(share.lastUsedAt !== undefined && { last_used_at: share.lastUsedAt }),
})

/** What is given away. */
export const shareUrl = (slug: string, { page }: Origins): string => `${page}/s/${slug}`

/** What somebody gets who has opened it. */
export function presentOpenedShare(opened: OpenedShare, origins: Origins): OpenedShareOnWire {
  const { share, image, grant } = opened
  const address = sharedAddress(opened, origins)
  const { id, mime, title, size, width, height } = image
  const item = {
    id,
    ...(givesOriginal(opened) && { url: address() }),
    preview_url: address('preset=large'),
    thumbnail_url: address('preset=thumb'),
    ...(share.allowDownload && { download_url: address('download=1') }),
    filename: image.originalFilename ?? image.filename,
    ...(title !== undefined && { title }),
    mime,
    ...(size !== undefined && { size }),
    ...(width !== undefined && { width }),
    ...(height !== undefined && { height }),
  }
  return { items: [item], grant: printGrant(grant), expires_at: grant.exp }
}

/** Where the bytes are for as long as the grant lasts. */
export function sharedAddress({ share, image, grant: { sig, exp } }: OpenedShare, { content }: Origins) {
  const base = `${addressOf(image, content)}?share=${share.slug}&exp=${exp}&sig=${sig}`
  return (more?: string): string => (more === undefined ? base : `${base}&${more}`)
}

/** As one word, for a cookie or the next call. */
export const printGrant = ({ exp, sig }: Signature): string => `${exp}.${sig}`

/** Undefined for what `printGrant` never made. */
export function parseGrant(text: string | undefined): Signature | undefined {
  const [, exp, sig] = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/.exec(text ?? '') ?? []
  return exp !== undefined && sig !== undefined ? { exp: Number(exp), sig } : undefined
}

import type { OpenedShare as OpenedShareOnWire, Share as ShareOnWire } from '@imagehost/contract/shares'
import { givesOriginal, type OpenedShare, type SharedImage, type SharedPage } from '../../services/share-openings.ts'
import type { OwnShare } from '../../services/shares.ts'
import type { Signature } from '../../services/transform-signing.ts'
import type { Origins } from '../base-url.ts'
import { addressOf } from './image.ts'

/** A limited link as its owner sees it: never its password, nor the hash of it. */
export const presentShare = ({ share, album }: OwnShare, origins: Origins): ShareOnWire => ({
  slug: share.slug,
  url: shareUrl(share.slug, origins),
  ...(share.albumId === undefined ? { image_id: share.imageId } : { album_id: share.albumId }),
  ...(album && { album_name: album.album.name }),
  ...presentThumbnail(album ? album.cover?.id : share.imageId, origins),
  ...(share.name !== undefined && { name: share.name }),
  created_at: share.createdAt,
  ...(share.expiresAt !== undefined && { expires_at: share.expiresAt }),
  has_password: share.passwordHash !== undefined,
  ...(share.maxViews !== undefined && { max_views: share.maxViews }),
  allow_download: share.allowDownload,
  views: share.views,
  ...(share.lastUsedAt !== undefined && { last_used_at: share.lastUsedAt }),
})

const presentThumbnail = (id: string | undefined, { page }: Origins) =>
  id !== undefined && { thumbnail_url: `${page}/i/${id}?preset=thumb` }

/** What is given away. */
export const shareUrl = (slug: string, { page }: Origins): string => `${page}/s/${slug}`

/** What somebody gets who has opened it. */
export function presentOpenedShare(
  { share, album, grant }: OpenedShare,
  { items, nextCursor }: SharedPage,
  origins: Origins,
): OpenedShareOnWire {
  return {
    items: items.map((item) => presentSharedImage(item, origins)),
    ...(album && {
      album: { name: album.name, ...(album.description !== undefined && { description: album.description }) },
    }),
    ...(nextCursor !== undefined && { next_cursor: nextCursor }),
    ...(album && share.allowDownload && { zip_url: shareZipUrl(share.slug, grant, origins) }),
    grant: printGrant(grant),
    expires_at: grant.exp,
  }
}

function presentSharedImage(shared: SharedImage, origins: Origins): OpenedShareOnWire['items'][number] {
  const { share, image } = shared
  const address = sharedAddress(shared, origins)
  const { id, mime, title, size, width, height } = image
  return {
    id,
    ...(givesOriginal(share, image) && { url: address() }),
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
}

/** Where the bytes are for as long as the grant lasts. */
export function sharedAddress({ share, image, signature: { sig, exp } }: SharedImage, { content }: Origins) {
  const base = `${addressOf(image, content)}?share=${share.slug}&exp=${exp}&sig=${sig}`
  return (more?: string): string => (more === undefined ? base : `${base}&${more}`)
}

/** The same of all images of an album together. */
export const shareZipUrl = (slug: string, { exp, sig }: Signature, origins: Origins): string =>
  `${shareUrl(slug, origins)}/zip?exp=${exp}&sig=${sig}`

/** As one word, for a cookie or the next call. */
export const printGrant = ({ exp, sig }: Signature): string => `${exp}.${sig}`

/** Undefined for what `printGrant` never made. */
export function parseGrant(text: string | undefined): Signature | undefined {
  const [, exp, sig] = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/.exec(text ?? '') ?? []
  return exp !== undefined && sig !== undefined ? { exp: Number(exp), sig } : undefined
}

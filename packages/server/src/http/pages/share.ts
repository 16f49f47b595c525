import type { AppError } from '@imagehost/contract/errors'
import type { Album } from '../../ports/albums.ts'
import type { Share } from '../../ports/shares.ts'
import { givesOriginal, type OpenedShare, type SharedImage, type SharedPage } from '../../services/share-openings.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'
import { sharedAddress, shareUrl, shareZipUrl } from '../present/share.ts'
import { factsOf } from './facts.ts'
import { gridOf, moreOf } from './grid.ts'
import type { Page } from './page.ts'
import { labelOf, pictureOf } from './picture.ts'

/** Says nothing of what is behind it, since programs that preview links read it too. */
export function sharedQuestionPage({ albumId, passwordHash, maxViews, views }: Share, error?: AppError): Page {
  const left = maxViews === undefined ? undefined : maxViews - views
  const isAlbum = albumId !== undefined
  const they = isAlbum ? 'They' : 'It'
  const body = `<h1>${isAlbum ? 'Pictures' : 'A picture'} for you</h1>
${error ? `<p class="danger" role="alert">${escapeHtml(error.message)}</p>` : ''}
${left === undefined ? '' : `<p class="muted">${left === 1 ? `${they} can be shown once more.` : `${they} can be shown ${left} more times.`}</p>`}
<form method="post">
${passwordHash === undefined ? '' : '<label for="password">Password</label>\n<input id="password" name="password" type="password" autocomplete="off" maxlength="1024" required>'}
<button>Show ${isAlbum ? 'pictures' : 'picture'}</button>
</form>`
  return { title: 'ImageHost', body }
}

/** The picture, under addresses that end; with the way back where it is one of an album. */
export function sharedImagePage(shared: SharedImage, origins: Origins): Page {
  const { share, image } = shared
  const address = sharedAddress(shared, origins)
  const title = labelOf(image)
  const download = `<a class="button" href="${escapeHtml(address('download=1'))}">Download</a>`
  const back = `<a class="button quiet" href="${escapeHtml(shareUrl(share.slug, origins))}">All pictures</a>`
  return {
    title,
    body: `${pictureOf({ image, alt: title, address, hasOriginal: givesOriginal(share, image) })}
<div class="line">
<h1>${escapeHtml(title)}</h1>
<p class="muted">${factsOf(image)}</p>
${share.albumId === undefined ? '' : back}
${share.allowDownload ? download : ''}
</div>`,
    isWide: true,
    picturesFrom: origins.content,
  }
}

/** Some of the album, each picture with a page of its own behind the same link. */
export function sharedAlbumPage(
  { share, album, grant }: OpenedShare & { album: Album },
  { items, nextCursor }: SharedPage,
  origins: Origins,
): Page {
  const { name, description } = album
  const tiles = items.map((item) => ({
    image: item.image,
    src: sharedAddress(item, origins)('preset=small'),
    href: `?image=${item.image.id}`,
  }))
  const zip = `<a class="button" href="${escapeHtml(shareZipUrl(share.slug, grant, origins))}">Download all</a>`
  return {
    title: name,
    body: `<header class="line"><h1>${escapeHtml(name)}</h1>
${description === undefined ? '' : `<p class="muted">${escapeHtml(description)}</p>`}
${share.allowDownload && items.length > 0 ? zip : ''}
</header>
${items.length > 0 ? gridOf(tiles) : `<p class="line muted">Nothing in ${escapeHtml(name)} yet.</p>`}
${moreOf(nextCursor)}`,
    isWide: true,
    picturesFrom: origins.content,
  }
}

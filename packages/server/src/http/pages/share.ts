import type { AppError } from '@imagehost/contract/errors'
import type { Share } from '../../ports/shares.ts'
import { givesOriginal, type OpenedShare } from '../../services/share-openings.ts'
import type { Origins } from '../base-url.ts'
import { sharedAddress } from '../present/share.ts'
import { escapeHtml, type Page } from './page.ts'

/** Says nothing of the picture, since programs that preview links read it too. */
export function sharedQuestionPage({ passwordHash, maxViews, views }: Share, error?: AppError): Page {
  const left = maxViews === undefined ? undefined : maxViews - views
  const body = `<h1>A picture for you</h1>
${error ? `<p class="danger" role="alert">${escapeHtml(error.message)}</p>` : ''}
${left === undefined ? '' : `<p class="muted">${left === 1 ? 'It can be shown once more.' : `It can be shown ${left} more times.`}</p>`}
<form method="post">
${passwordHash === undefined ? '' : '<label for="password">Password</label>\n<input id="password" name="password" type="password" autocomplete="off" maxlength="1024" required>'}
<button>Show picture</button>
</form>`
  return { title: 'ImageHost', body }
}

/** The picture, under addresses that end. */
export function sharedImagePage(opened: OpenedShare, origins: Origins): Page {
  const { share, image } = opened
  const address = sharedAddress(opened, origins)
  const src = (more?: string) => escapeHtml(address(more))
  const name = image.title ?? image.originalFilename ?? image.filename
  const size = image.width && image.height ? ` width="${image.width}" height="${image.height}"` : ''
  const picture = givesOriginal(opened) ? src() : src('preset=large&format=jpeg')
  const body = `<picture>
<source type="image/avif" srcset="${src('preset=large&format=avif')}">
<source type="image/webp" srcset="${src('preset=large&format=webp')}">
<img src="${picture}" alt="${escapeHtml(name)}"${size}>
</picture>
<h1>${escapeHtml(name)}</h1>
${share.allowDownload ? `<p><a class="button" href="${src('download=1')}">Download</a></p>` : ''}`
  return { title: name, body, isWide: true, picturesFrom: origins.content }
}

export const shareErrorPage = ({ code, message }: AppError): Page => {
  const said = code === 'not_found' ? 'Nothing here.' : message
  return { title: said, body: `<h1>${escapeHtml(said)}</h1>` }
}

import type { AppError } from '@imagehost/contract/errors'
import type { Share } from '../../ports/shares.ts'
import { givesOriginal, type OpenedShare } from '../../services/share-openings.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'
import { sharedAddress } from '../present/share.ts'
import { factsOf } from './facts.ts'
import type { Page } from './page.ts'
import { labelOf, pictureOf } from './picture.ts'

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
  const title = labelOf(image)
  const download = `<a class="button" href="${escapeHtml(address('download=1'))}">Download</a>`
  return {
    title,
    body: `${pictureOf({ image, alt: title, address, hasOriginal: givesOriginal(opened) })}
<div class="line">
<h1>${escapeHtml(title)}</h1>
<p class="muted">${factsOf(image)}</p>
${share.allowDownload ? download : ''}
</div>`,
    isWide: true,
    picturesFrom: origins.content,
  }
}

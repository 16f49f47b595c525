import { type ReportReason, reportReasons } from '@imagehost/contract/reports'
import type { ImageRecord } from '../../ports/images.ts'
import { isShareable, visibilityOf } from '../../services/access.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'
import { addressOf } from '../present/image.ts'
import { cardTags } from './card.ts'
import { factsOf } from './facts.ts'
import type { Page } from './page.ts'
import { labelOf, pictureOf } from './picture.ts'

/** The page of an image. What not everybody may see makes no card anywhere, and what is not public is in no search. */
export function imagePage(image: ImageRecord, origins: Origins, picturesFrom: string): Page {
  const isOpen = isShareable(image)
  // Of a private one the session has to come along, which counts where the page is.
  const base = addressOf(image, isOpen ? origins.content : origins.page)
  const address = (query?: string): string => (query === undefined ? base : `${base}?${query}`)
  const title = labelOf(image)
  return {
    title,
    body: `${pictureOf({ image, alt: title, address })}
<div class="line">
<h1>${escapeHtml(title)}</h1>
<p class="muted">${factsOf(image)}</p>
<a class="button" href="${escapeHtml(address('download=1'))}">Download</a>
${isOpen ? reportForm(image.id) : ''}
</div>`,
    isWide: true,
    picturesFrom,
    isIndexed: isOpen && visibilityOf(image) === 'public',
    ...(isOpen && { head: headOf(image, origins) }),
  }
}

/** Where oEmbed is, besides what all cards have. */
function headOf(image: ImageRecord, origins: Origins): string {
  const title = labelOf(image)
  const url = `${origins.page}/v/${image.id}`
  const oembed = escapeHtml(`${origins.page}/oembed?url=${encodeURIComponent(url)}`)
  return `<link rel="alternate" type="application/json+oembed" href="${oembed}" title="${escapeHtml(title)}">
${cardTags({ title, url, image, origins })}`
}

const reportForm = (id: string): string => `<details>
<summary class="button quiet">Report</summary>
<form method="post" action="/report/${escapeHtml(id)}">
<label for="reason">What is wrong with it</label>
<select id="reason" name="reason">${reasonOptions}</select>
<label for="message">More, if it helps</label>
<textarea id="message" name="message" rows="3" maxlength="1000"></textarea>
<label for="email">Where you can be asked back, if you like</label>
<input id="email" name="email" type="email" maxlength="254">
<button>Send report</button>
</form>
</details>`

const reasonOptions = (Object.entries(reportReasons) as [ReportReason, string][])
  .map(([name, words]) => `<option value="${name}">${escapeHtml(words)}</option>`)
  .join('')

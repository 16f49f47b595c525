import { presets } from '@imagehost/contract/presets'
import { type ReportReason, reportReasons } from '@imagehost/contract/reports'
import type { ImageRecord } from '../../ports/images.ts'
import { isShareable, visibilityOf } from '../../services/access.ts'
import type { Origins } from '../base-url.ts'
import { addressOf } from '../present/image.ts'
import { escapeHtml, type Page } from './page.ts'
import { labelOf, pictureOf, scaled } from './picture.ts'

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
${reportForm(image.id)}
</div>`,
    isWide: true,
    picturesFrom,
    isIndexed: isOpen && visibilityOf(image) === 'public',
    ...(isOpen && { head: cardOf(image, origins) }),
  }
}

/** OpenGraph, the card of X, and where oEmbed is: what chats and networks read. */
function cardOf(image: ImageRecord, origins: Origins): string {
  const title = labelOf(image)
  const pageUrl = `${origins.page}/v/${image.id}`
  const picture = `${addressOf(image, origins.content)}?preset=og`
  const { width, height } = cardSize(image)
  const properties = {
    'og:type': 'website',
    'og:site_name': 'ImageHost',
    'og:title': title,
    'og:url': pageUrl,
    'og:image': picture,
    'og:image:type': 'image/jpeg',
    'og:image:width': width,
    'og:image:height': height,
    'og:image:alt': title,
  }
  const names = {
    'twitter:card': 'summary_large_image',
    'twitter:title': title,
    'twitter:image': picture,
    'twitter:image:alt': title,
  }
  const tags = (kind: string, facts: Record<string, string | number>) =>
    Object.entries(facts).map(([name, value]) => `<meta ${kind}="${name}" content="${escapeHtml(String(value))}">`)
  const oembed = `${origins.page}/oembed?url=${encodeURIComponent(pageUrl)}`
  return [
    `<link rel="canonical" href="${escapeHtml(pageUrl)}">`,
    `<link rel="alternate" type="application/json+oembed" href="${escapeHtml(oembed)}" title="${escapeHtml(title)}">`,
    ...tags('property', properties),
    ...tags('name', names),
  ].join('\n')
}

/** What the preset makes: cut off, and never enlarged. */
function cardSize({ width, height }: ImageRecord) {
  const { w = 0, h = 0 } = presets.og.transform
  if (!width || !height) return { width: w, height: h }
  const covering = scaled(width, height, Math.max(w / width, h / height))
  return { width: Math.min(w, covering.width), height: Math.min(h, covering.height) }
}

function factsOf({ width, height, size, createdAt }: ImageRecord): string {
  const date = new Date(createdAt * 1000)
  const day = `<time datetime="${date.toISOString()}">${dayFormat.format(date)}</time>`
  return [
    ...(width && height ? [`${width} × ${height}`] : []),
    ...(size === undefined ? [] : [printBytes(size)]),
    day,
  ].join(' · ')
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' })

function printBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`
  const [unit, name] = bytes < 1_000_000 ? [1000, 'kB'] : [1_000_000, 'MB']
  const count = bytes / unit
  return `${count < 10 ? count.toFixed(1) : Math.round(count)} ${name}`
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

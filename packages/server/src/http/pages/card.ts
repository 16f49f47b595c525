import { presets } from '@imagehost/contract/presets'
import type { ImageRecord } from '../../ports/images.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'
import { addressOf } from '../present/image.ts'
import { labelOf, scaled } from './picture.ts'

interface Card {
  title: string
  url: string
  /** Which everybody may see. */
  image?: ImageRecord
  origins: Origins
}

/** OpenGraph, and the card of X: what chats and networks read. */
export function cardTags({ title, url, image, origins }: Card): string {
  const properties = { 'og:type': 'website', 'og:site_name': 'ImageHost', 'og:title': title, 'og:url': url }
  const names = { 'twitter:card': image ? 'summary_large_image' : 'summary', 'twitter:title': title }
  return [
    `<link rel="canonical" href="${escapeHtml(url)}">`,
    ...tags('property', { ...properties, ...(image && pictureProperties(image, origins)) }),
    ...tags('name', { ...names, ...(image && pictureNames(image, origins)) }),
  ].join('\n')
}

const tags = (kind: string, facts: Record<string, string | number>): string[] =>
  Object.entries(facts).map(([name, value]) => `<meta ${kind}="${name}" content="${escapeHtml(String(value))}">`)

function pictureProperties(image: ImageRecord, origins: Origins) {
  const { width, height } = cardSize(image)
  return {
    'og:image': pictureUrl(image, origins),
    'og:image:type': 'image/jpeg',
    'og:image:width': width,
    'og:image:height': height,
    'og:image:alt': labelOf(image),
  }
}

const pictureNames = (image: ImageRecord, origins: Origins) => ({
  'twitter:image': pictureUrl(image, origins),
  'twitter:image:alt': labelOf(image),
})

const pictureUrl = (image: ImageRecord, { content }: Origins): string => `${addressOf(image, content)}?preset=og`

/** What the preset makes: cut off, and never enlarged. */
function cardSize({ width, height }: ImageRecord) {
  const { w = 0, h = 0 } = presets.og.transform
  if (!width || !height) return { width: w, height: h }
  const covering = scaled(width, height, Math.max(w / width, h / height))
  return { width: Math.min(w, covering.width), height: Math.min(h, covering.height) }
}

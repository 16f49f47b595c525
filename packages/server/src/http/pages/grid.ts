import type { ImageRecord } from '../../ports/images.ts'
import { escapeHtml } from '../escape-html.ts'
import { fittedInto, labelOf, sideOf } from './picture.ts'

/** One picture of many: where it is, and where it leads to. */
export interface Tile {
  image: ImageRecord
  src: string
  href: string
}

export function gridOf(tiles: readonly Tile[]): string {
  const items = tiles.map(({ image, src, href }) => {
    const { width, height } = fittedInto(image, sideOf('thumb'))
    return `<li><a href="${escapeHtml(href)}"><img src="${escapeHtml(src)}" alt="${escapeHtml(labelOf(image))}" width="${width}" height="${height}" loading="lazy"></a></li>`
  })
  return `<ul class="grid">${items.join('\n')}</ul>`
}

/** The way to the page that follows, if one does. */
export const moreOf = (nextCursor: string | undefined): string =>
  nextCursor === undefined ? '' : `<p class="line"><a class="button quiet" href="?cursor=${nextCursor}">More</a></p>`

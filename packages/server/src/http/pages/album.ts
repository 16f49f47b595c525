import type { ImageRecord } from '../../ports/images.ts'
import { isShareable } from '../../services/access.ts'
import type { SeenAlbum } from '../../services/albums.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'
import { addressOf } from '../present/image.ts'
import { cardTags } from './card.ts'
import { gridOf, moreOf, type Tile } from './grid.ts'
import type { Page } from './page.ts'

/** Some of an album, as its visitor may see it, and where it goes on. */
interface AlbumPart {
  items: readonly ImageRecord[]
  nextCursor?: string
}

/** The page of an album. Of a private one nothing is in its head, whoever looks. */
export function albumPage({ album, cover }: SeenAlbum, part: AlbumPart, origins: Origins, picturesFrom: string): Page {
  const { id, name, description, visibility } = album
  const isOpen = visibility !== 'private'
  const card = { title: name, url: `${origins.page}/a/${id}`, origins }
  return {
    title: name,
    body: `<header class="line"><h1>${escapeHtml(name)}</h1>
${description === undefined ? '' : `<p class="muted">${escapeHtml(description)}</p>`}
</header>
${part.items.length > 0 ? gridOf(tilesOf(part.items, origins)) : `<p class="line muted">Nothing in ${escapeHtml(name)} yet.</p>`}
${moreOf(part.nextCursor)}`,
    isWide: true,
    picturesFrom,
    isIndexed: visibility === 'public',
    ...(isOpen && { head: cardTags({ ...card, ...(cover && isShareable(cover) && { image: cover }) }) }),
  }
}

/** Each leads to the page of its image. */
export const tilesOf = (images: readonly ImageRecord[], origins: Origins): Tile[] =>
  images.map((image) => ({
    image,
    src: `${addressOf(image, isShareable(image) ? origins.content : origins.page)}?preset=small`,
    href: `/v/${image.id}`,
  }))

import { formats } from '@imagehost/contract/formats'
import type { Image } from '@imagehost/contract/images'
import type { ImageRecord } from '../../ports/images.ts'
import { type Caller, isOwner, visibilityOf } from '../../services/access.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'

type Names = Partial<Record<keyof Image, keyof ImageRecord>>

const openNames = {
  original_filename: 'originalFilename',
  title: 'title',
  size: 'size',
  width: 'width',
  height: 'height',
  frames: 'frames',
  sha256: 'sha256',
  thumbhash: 'thumbhash',
  color: 'color',
  expires_at: 'expiresAt',
  tags: 'tags',
} as const satisfies Names

/** When and with what it was taken, the hash of what was sent, which tells who else has the original, and what only they see. */
const ownersNames = {
  source_sha256: 'sourceSha256',
  taken_at: 'takenAt',
  camera: 'camera',
  hidden_at: 'hiddenAt',
} as const satisfies Names

/** Facts that may be unknown, by their names on the wire. */
const facts = Object.entries(openNames)
const factsForOwner = Object.entries({ ...openNames, ...ownersNames })

/** Record → wire: the one place where the two meet. What is not known, or not for this viewer, is left out. */
export function presentImage(image: ImageRecord, origins: Origins, viewer: Caller | undefined): Image {
  const visibility = visibilityOf(image)
  // Of a private one the session has to come along, which counts where the page is.
  const url = addressOf(image, visibility === 'private' ? origins.page : origins.content)
  const label = image.title ?? image.originalFilename ?? image.filename
  const presented: Image = {
    id: image.id,
    owner_uid: ownerOf(image),
    key: image.key,
    url,
    page_url: `${origins.page}/v/${image.id}`,
    thumbnail_url: `${url}?preset=thumb`,
    filename: image.filename,
    mime: image.mime,
    visibility,
    private: visibility === 'private' ? 1 : 0,
    created_at: image.createdAt,
    views: image.views,
    links: {
      markdown: `![${label.replace(/[\\[\]]/g, '\\$&')}](${url})`,
      html: `<img src="${escapeHtml(url)}" alt="${escapeHtml(label)}">`,
      bbcode: `[img]${url}[/img]`,
    },
  }
  // In place: a spread for each of them was a fifth of what a page of images costs.
  const open: Record<string, unknown> = presented
  for (const [name, field] of isOwner(viewer, image) ? factsForOwner : facts)
    if (image[field] !== undefined) open[name] = image[field]
  return presented
}

/** What a guest uploaded must not tell what else came from there. */
const ownerOf = ({ ownerUid }: ImageRecord): string => (ownerUid.startsWith('anon_') ? 'anonymous' : ownerUid)

/** Where the bytes of an image are, for as long as it exists. */
export const addressOf = ({ id, mime }: Pick<ImageRecord, 'id' | 'mime'>, origin: string): string =>
  `${origin}/i/${id}.${extensions.get(mime) ?? 'bin'}`

/** A known type gives its extension; records of the Flask project may claim any, whose address then has none of its own. */
const extensions: ReadonlyMap<string, string> = new Map(
  Object.values(formats).map(({ mime, extension }) => [mime, extension]),
)

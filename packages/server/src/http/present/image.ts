import { formats } from '@imagehost/contract/formats'
import type { Image } from '@imagehost/contract/images'
import type { ImageRecord } from '../../ports/images.ts'
import { type Caller, isOwner, visibilityOf } from '../../services/access.ts'
import type { Origins } from '../base-url.ts'
import { escapeHtml } from '../escape-html.ts'

/** What only one of the routes answers, which adds it itself. */
type Elsewhere = 'album_ids' | 'delete_url'

/**
 * Record → wire: the one place where the two meet. What is not known, or not for this viewer, is left out when it is printed.
 * One literal of one shape, since a page has up to 200 of them: field by field they cost four times as much.
 */
export function presentImage(image: ImageRecord, origins: Origins, viewer: Caller | undefined): Image {
  const visibility = visibilityOf(image)
  // Of a private one the session has to come along, which counts where the page is.
  const url = addressOf(image, visibility === 'private' ? origins.page : origins.content)
  const label = image.title ?? image.originalFilename ?? image.filename
  // When and with what it was taken, and the hash of what was sent, which tells who else has the original.
  const forOwner: Partial<ImageRecord> = isOwner(viewer, image) ? image : {}
  const presented: { [Field in Exclude<keyof Image, Elsewhere>]-?: Image[Field] | undefined } = {
    id: image.id,
    owner_uid: ownerOf(image),
    key: image.key,
    url,
    page_url: `${origins.page}/v/${image.id}`,
    thumbnail_url: `${url}?preset=thumb`,
    filename: image.filename,
    original_filename: image.originalFilename,
    title: image.title,
    mime: image.mime,
    size: image.size,
    width: image.width,
    height: image.height,
    frames: image.frames,
    sha256: image.sha256,
    source_sha256: forOwner.sourceSha256,
    thumbhash: image.thumbhash,
    color: image.color,
    taken_at: forOwner.takenAt,
    camera: forOwner.camera,
    visibility,
    private: visibility === 'private' ? 1 : 0,
    created_at: image.createdAt,
    expires_at: image.expiresAt,
    hidden_at: forOwner.hiddenAt,
    views: image.views,
    tags: image.tags && [...image.tags],
    links: {
      markdown: `![${inBrackets(label)}](${url})`,
      html: `<img src="${escapeHtml(url)}" alt="${escapeHtml(label)}">`,
      bbcode: `[img]${url}[/img]`,
    },
  }
  return presented as Image
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

const inBrackets = (text: string): string => (/[\\[\]]/.test(text) ? text.replace(/[\\[\]]/g, '\\$&') : text)

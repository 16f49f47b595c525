import { formats } from '@imagehost/contract/formats'
import type { Image } from '@imagehost/contract/images'
import type { ImageRecord } from '../../ports/images.ts'
import { type Caller, isOwner, visibilityOf } from '../../services/access.ts'

/**
 * Record → wire: the one place where the two meet. What is not known is left out, and so is what only its owner may know:
 * when and with what it was taken, and the hash of what was sent, which tells who else has the original.
 */
export function presentImage(image: ImageRecord, baseUrl: string, viewer: Caller | undefined): Image {
  const own = isOwner(viewer, image)
  const url = `${baseUrl}/i/${image.id}.${extensionOf(image.mime)}`
  const visibility = visibilityOf(image)
  const label = image.title ?? image.originalFilename ?? image.filename
  return {
    id: image.id,
    owner_uid: image.ownerUid,
    key: image.key,
    url,
    filename: image.filename,
    ...known('original_filename', image.originalFilename),
    ...known('title', image.title),
    mime: image.mime,
    ...known('size', image.size),
    ...known('width', image.width),
    ...known('height', image.height),
    ...known('frames', image.frames),
    ...known('sha256', image.sha256),
    ...known('source_sha256', own ? image.sourceSha256 : undefined),
    ...known('thumbhash', image.thumbhash),
    ...known('color', image.color),
    ...known('taken_at', own ? image.takenAt : undefined),
    ...known('camera', own ? image.camera : undefined),
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
}

const known = <K extends string, V>(name: K, value: V | undefined): { [P in K]?: V } =>
  (value === undefined ? {} : { [name]: value }) as { [P in K]?: V }

/** A known type gives its extension; records of the Flask project may claim any, whose address then has none of its own. */
const extensionOf = (mime: string): string =>
  Object.values(formats).find((format) => format.mime === mime)?.extension ?? 'bin'

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

import { formats, type ServedFormat } from '@imagehost/contract/formats'
import { inFormat, type Transform, type TransformTo } from '@imagehost/contract/transforms'
import type { ImageRecord } from '../ports/images.ts'

/** With the format in which it is made: the one that is asked for, or the best that `Accept` names, or that of the image. */
export function withFormat(transform: Transform, image: ImageRecord, accept: string | undefined): TransformTo {
  const { format } = transform
  if (format !== undefined && format !== 'auto') return inFormat(transform, format)
  const own = staysMoving(image) ? 'webp' : formatOf(image.mime)
  return inFormat(transform, format === 'auto' ? (negotiated(image, accept) ?? own) : own)
}

/** Of an animated PNG none can be made again that moves; WebP can do all that it does. */
const staysMoving = ({ mime, frames = 1 }: ImageRecord): boolean => frames > 1 && mime === formats.png.mime

/** AVIF of an animation would stand still. */
function negotiated({ frames = 1 }: ImageRecord, accept: string | undefined): ServedFormat | undefined {
  if (frames === 1 && accepts(accept, 'image/avif')) return 'avif'
  return accepts(accept, 'image/webp') ? 'webp' : undefined
}

// Not by a wildcard, which every program sends.
function accepts(header: string | undefined, mime: string): boolean {
  return (header ?? '').split(',', maxTypes).some((entry) => {
    const [type = '', ...parameters] = entry.split(';').map((part) => part.trim().toLowerCase())
    return type === mime && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}

/** Browsers send eight. */
const maxTypes = 32

/** Records of the Flask project may claim any type until they are adopted, and only then are they shown. */
const formatOf = (mime: string): ServedFormat =>
  (Object.entries(formats).find(([, known]) => known.mime === mime)?.[0] as ServedFormat | undefined) ?? 'jpeg'

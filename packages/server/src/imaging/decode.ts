import type { Format } from '@imagehost/contract/formats'
import { hiddenFrames } from './apng.ts'
import { dominantColor } from './dominant-color.ts'
import type { Inspection } from './inspect.ts'
import { asStill } from './isobmff.ts'
import { orient } from './orient.ts'
import { verifyChecksums } from './png.ts'
import { thumbHash } from './thumb-hash.ts'
import { thumbnailOf } from './thumbnail.ts'
import { stillsOf } from './webp.ts'

/**
 * Decodes every pixel of every frame, which proves that the bytes are the picture they claim to be; throws
 * `image_corrupt` otherwise. What it looks like comes along: a ThumbHash (base64) and the dominant colour (`#rrggbb`),
 * as shown after orientation.
 */
export async function decode(bytes: Buffer, inspection: Inspection): Promise<{ thumbhash: string; color: string }> {
  const { format, frames, orientation } = inspection
  if (format === 'png') verifyChecksums(bytes)
  const thumbnail = await thumbnailOf(format === 'avif' ? asStill(bytes) : bytes, inspection)
  if (frames > 1) for (const still of framesBehind(bytes, format)) await thumbnailOf(still, inspection)
  const shown = orient(thumbnail, orientation)
  return { thumbhash: thumbHash(shown).toString('base64'), color: dominantColor(shown.rgba) }
}

/**
 * What the first decode has not seen of an animation. GIF is decoded whole at once; libvips holds one of its frames at
 * a time.
 */
function framesBehind(bytes: Buffer, format: Format): Iterable<Buffer> {
  if (format === 'png') return hiddenFrames(bytes)
  return format === 'webp' ? stillsOf(bytes) : []
}

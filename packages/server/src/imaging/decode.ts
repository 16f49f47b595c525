import type { AppError } from '@imagehost/contract/errors'
import type { Format } from '@imagehost/contract/formats'
import type { FailOnOptions } from 'sharp'
import { rgbaToThumbHash } from 'thumbhash'
import { hiddenFrames } from './apng.ts'
import { dominantColor } from './dominant-color.ts'
import type { Inspection } from './inspect.ts'
import { asStill } from './isobmff.ts'
import { orient, type Pixels } from './orient.ts'
import { verifyChecksums } from './png.ts'
import { corrupt, tooComplex } from './refusals.ts'
import { sharp } from './sharp.ts'
import { stillsOf } from './webp.ts'

/**
 * Decodes every pixel of every frame, which proves that the bytes are the picture they claim to be; throws
 * `image_corrupt` otherwise. From the passing lines comes a thumbnail, and from that a ThumbHash (base64) and the
 * dominant colour (`#rrggbb`), as shown after orientation. No more than a few lines of the picture are held at a time
 * where the format allows it.
 */
export async function decode(bytes: Buffer, inspection: Inspection): Promise<{ thumbhash: string; color: string }> {
  const { format, frames, orientation } = inspection
  if (format === 'png') verifyChecksums(bytes)
  const thumbnail = await shrink(format === 'avif' ? asStill(bytes) : bytes, inspection)
  if (frames > 1) for (const still of framesBehind(bytes, format)) await shrink(still, inspection)
  const { width, height, rgba } = orient(thumbnail, orientation)
  return {
    thumbhash: Buffer.from(rgbaToThumbHash(width, height, rgba)).toString('base64'),
    color: dominantColor(rgba),
  }
}

/** What the first decode has not seen of an animation. GIF is decoded whole at once; libvips holds one of its frames at a time. */
function framesBehind(bytes: Buffer, format: Format): Iterable<Buffer> {
  if (format === 'png') return hiddenFrames(bytes)
  return format === 'webp' ? stillsOf(bytes) : []
}

/** ThumbHash keeps 7 × 7 waves at most; from 32 pixels a side it takes 0.06 ms, from 100 0.47 ms, for the same hash but for noise. */
const thumbnailSide = 32

async function shrink(bytes: Buffer, inspection: Inspection): Promise<Pixels> {
  // libpng warns of a wrong colour profile and the like; libjpeg of data that make no sense.
  const failOn = inspection.format === 'jpeg' ? 'warning' : 'truncated'
  try {
    return await shrinkOrThrow(bytes, inspection, failOn)
  } catch (error) {
    const refusal = refusalOf(error)
    if (failOn === 'truncated' || !String(error).includes(carelessCamera)) throw refusal
    return await shrinkOrThrow(bytes, inspection, 'truncated').catch((second) => Promise.reject(refusalOf(second)))
  }
}

function refusalOf(error: unknown): AppError {
  const reason = String(error)
  return reason.includes('timeout:') ? tooComplex('seconds', maxSeconds, maxSeconds) : corrupt(reason)
}

/** Some phones write the scan parameters of a progressive picture into a sequential one; browsers show it without a flaw. */
const carelessCamera = 'Invalid SOS parameters for sequential JPEG'

async function shrinkOrThrow(bytes: Buffer, inspection: Inspection, failOn: FailOnOptions): Promise<Pixels> {
  const { width, height, pages } = thumbnailSize(inspection)
  const rgba = await sharp(bytes, {
    failOn,
    pages,
    sequentialRead: true,
    limitInputPixels: false,
    // The transform of an embedded profile costs more (7 ms) than decoding a 1024 × 768 JPEG (5 ms), for a placeholder.
    ignoreIcc: true,
  })
    // Naming a colour space is what keeps libvips from decoding a JPEG at an eighth of its size.
    .pipelineColourspace('srgb')
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .timeout({ seconds: maxSeconds })
    .toBuffer()
  return { width, height, rgba: rgba.subarray(0, 4 * width * height) }
}

/** The slowest that limits let pass, 100 megapixels of AVIF, takes 5 s on a machine at rest. */
const maxSeconds = 60

function thumbnailSize({ format, width, height, frames, orientation }: Inspection): Size {
  const scale = thumbnailSide / Math.max(width, height)
  const [stored, storedHeight] = orientation >= 5 ? [height, width] : [width, height]
  return {
    width: Math.max(1, Math.round(stored * scale)),
    height: Math.max(1, Math.round(storedHeight * scale)),
    pages: frames > 1 && format === 'gif' ? -1 : 1,
  }
}

interface Size {
  width: number
  height: number
  pages: number
}

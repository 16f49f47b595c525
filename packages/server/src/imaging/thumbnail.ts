import type { AppError } from '@imagehost/contract/errors'
import type { FailOnOptions } from 'sharp'
import type { Inspection } from './inspect.ts'
import type { Pixels } from './orient.ts'
import { corrupt, tooComplex } from './refusals.ts'
import { sharp } from './sharp.ts'

/**
 * A thumbnail of the first frame, not yet turned, for which every pixel of the file is decoded: JPEG at full size too,
 * although libvips could shrink while decoding, because then it misses damage in the last eighth of the data (tried).
 */
export async function thumbnailOf(bytes: Buffer, inspection: Inspection): Promise<Pixels> {
  // libpng warns of a wrong colour profile and the like; libjpeg of data that make no sense.
  const failOn = inspection.format === 'jpeg' ? 'warning' : 'truncated'
  try {
    return await shrink(bytes, inspection, failOn)
  } catch (error) {
    const refusal = refusalOf(error)
    if (failOn === 'truncated' || !String(error).includes(carelessCamera)) throw refusal
    return await shrink(bytes, inspection, 'truncated').catch((second) => Promise.reject(refusalOf(second)))
  }
}

/** ThumbHash keeps 7 × 7 waves at most: from 32 pixels a side it takes 0.06 ms, from 100 it takes 0.47 for the same. */
const thumbnailSide = 32

/**
 * Some phones write the scan parameters of a progressive picture into a sequential one; browsers show it without a
 * flaw.
 */
const carelessCamera = 'Invalid SOS parameters for sequential JPEG'

/** The slowest that the limits let pass, 100 megapixels of AVIF, takes 5 s on a machine at rest. */
const maxSeconds = 60

function refusalOf(error: unknown): AppError {
  const reason = String(error)
  return reason.includes('timeout:') ? tooComplex('seconds', maxSeconds, maxSeconds) : corrupt(reason)
}

/**
 * Shrunk in passing, never more held than some lines of the picture. Pixels handed out at full size cost as much, and each
 * 2 MB of them bring V8 nearer to a full collection: with them those took a third of the CPU of an upload.
 */
async function shrink(bytes: Buffer, inspection: Inspection, failOn: FailOnOptions): Promise<Pixels> {
  const { width, height } = thumbnailSize(inspection)
  const isRoll = inspection.frames > 1 && inspection.format === 'gif'
  const rgba = await sharp(bytes, {
    failOn,
    pages: isRoll ? -1 : 1,
    sequentialRead: true,
    limitInputPixels: false,
    // The transform of an embedded profile costs more (7 ms) than decoding a 1024 × 768 JPEG (4 ms), for a placeholder.
    ignoreIcc: true,
  })
    // Naming a colour space is what keeps libvips from shrinking a JPEG early.
    .pipelineColourspace('srgb')
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .timeout({ seconds: maxSeconds })
    .toBuffer()
  // All frames of a GIF come below one another.
  return { width, height, rgba: rgba.subarray(0, 4 * width * height) }
}

/** Before orientation. */
function thumbnailSize({ width, height, orientation }: Inspection): { width: number; height: number } {
  const [storedWidth, storedHeight] = orientation >= 5 ? [height, width] : [width, height]
  const scale = thumbnailSide / Math.max(width, height)
  return { width: Math.max(1, Math.round(storedWidth * scale)), height: Math.max(1, Math.round(storedHeight * scale)) }
}

import type { AppError } from '@imagehost/contract/errors'
import type { FailOnOptions, Sharp } from 'sharp'
import { type Inspection, pixelsDecodedWhole } from './inspect.ts'
import type { Pixels } from './orient.ts'
import { corrupt, tooComplex } from './refusals.ts'
import { sample } from './sample.ts'
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

async function shrink(bytes: Buffer, inspection: Inspection, failOn: FailOnOptions): Promise<Pixels> {
  const { width, height } = thumbnailSize(inspection)
  const stored = storedSize(inspection)
  const isRoll = inspection.frames > 1 && inspection.format === 'gif'
  const picture = sharp(bytes, {
    failOn,
    pages: isRoll ? -1 : 1,
    sequentialRead: true,
    limitInputPixels: false,
    // The transform of an embedded profile costs more (7 ms) than decoding a 1024 × 768 JPEG (4 ms), for a placeholder.
    ignoreIcc: true,
  })
  const isWhole = inspection.frames === 1 && inspection.width * inspection.height <= pixelsDecodedWhole
  const { data, info } = await toRaw(isWhole ? picture : inPassing(picture, width, height))
  if (isWhole && inspection.format !== 'gif' && (info.width !== stored.width || info.height !== stored.height)) {
    throw new Error('the picture is not of the size that its header tells')
  }
  // All frames of a GIF come below one another.
  const raw = { data, channels: info.channels, width: info.width, height: isRoll ? height : info.height }
  return sample(raw, width, height)
}

/**
 * Never holds more than some lines of the picture. Naming a colour space is what keeps libvips from shrinking a JPEG
 * early.
 */
function inPassing(picture: Sharp, width: number, height: number): Sharp {
  return picture.pipelineColourspace('srgb').resize(width, height, { fit: 'fill', kernel: 'linear' })
}

function toRaw(picture: Sharp): Promise<{ data: Buffer; info: { width: number; height: number; channels: number } }> {
  return picture
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .timeout({ seconds: maxSeconds })
    .toBuffer({ resolveWithObject: true })
}

function thumbnailSize(inspection: Inspection): Size {
  const { width, height } = storedSize(inspection)
  const scale = thumbnailSide / Math.max(width, height)
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Before orientation. */
function storedSize({ width, height, orientation }: Inspection): Size {
  return orientation >= 5 ? { width: height, height: width } : { width, height }
}

interface Size {
  width: number
  height: number
}

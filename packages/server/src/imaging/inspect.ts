import { AppError } from '@imagehost/contract/errors'
import { acceptedFormatNames, type Format, formats } from '@imagehost/contract/formats'
import type { Description } from './container.ts'
import { containers } from './containers.ts'
import { codecOf } from './isobmff.ts'
import { corrupt, refusingTruncation, tooComplex } from './refusals.ts'

export interface ImageLimits {
  /** Over all frames together. */
  maxPixels: number
  maxFrames: number
  /** Of width and of height. */
  maxSide: number
}

/** What a server takes unless it is told otherwise. */
export const defaultImageLimits: ImageLimits = { maxPixels: 100_000_000, maxFrames: 2000, maxSide: 16_384 }

export interface Inspection {
  format: Format
  mime: string
  /** As shown, after orientation. */
  width: number
  height: number
  frames: number
  /** 1 to 8, of EXIF; 1 where the container itself turns the picture. */
  orientation: number
  /** About how much memory a full decode needs at its peak, besides the bytes themselves. */
  decodedBytes: number
}

/**
 * What the bytes are, found without decoding a pixel; throws `unsupported_type`, `image_corrupt` or `image_too_complex`.
 * That a picture can be inspected does not mean that it can be decoded.
 */
export function inspect(bytes: Buffer, limits: ImageLimits): Inspection {
  return refusingTruncation(() => {
    const format = formatOf(bytes)
    if (format === undefined) throw new AppError('unsupported_type', { details: { accepted: acceptedFormatNames } })
    const description = containers[format].describe(bytes)
    check(description, limits)
    const { width, height, frames, orientation } = description
    const turned = orientation >= 5
    return {
      format,
      mime: formats[format].mime,
      width: turned ? height : width,
      height: turned ? width : height,
      frames,
      orientation,
      decodedBytes: decodedBytes(description),
    }
  })
}

/**
 * Fitted from above to the peak of the process while `decode` ran: 12 megapixels took 13 MB as JPEG, 49 as progressive
 * JPEG, 16 as PNG, 41 interlaced, 62 as GIF, 114 as WebP, 233 as AVIF, 306 as AVIF of 10 bits.
 */
function decodedBytes({ width, height, frames, heldBytes, lineBytes }: Description): number {
  const lines = lineBytes * width * Math.min(height * frames, linesHeld)
  return fixedBytes + heldBytes + lines
}

/** What a decode of the smallest picture takes. */
const fixedBytes = 8_000_000
/** Lines that libvips has under way at a time. */
const linesHeld = 1100
/** By the first bytes alone, never by a name or a declared type. */
function formatOf(bytes: Buffer): Format | undefined {
  const head = bytes.toString('latin1', 0, 12)
  if (head.startsWith('\xff\xd8\xff')) return 'jpeg'
  if (head.startsWith('\x89PNG\r\n\x1a\n')) return 'png'
  if (head.startsWith('GIF87a') || head.startsWith('GIF89a')) return 'gif'
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'webp'
  return head.slice(4, 8) === 'ftyp' ? formatOfBrands(bytes) : undefined
}

/** MIAF and HEIF brands for stills and sequences. Films share the container, and none of these brands. */
const pictureBrands = /^(mif1|mif2|msf1|miaf|avif|avis|hei[cxms]|hev[cxms])$/

/** Brands say for whom a file is; how it is coded, only its primary item does. */
function formatOfBrands(bytes: Buffer): Format | undefined {
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, maxBrandBytes)
  let isPicture = false
  for (let at = 8; at + 4 <= end; at += at === 8 ? 8 : 4)
    isPicture ||= pictureBrands.test(bytes.toString('latin1', at, at + 4))
  if (!isPicture) return undefined
  const codec = codecOf(bytes)
  if (codec === undefined) throw corrupt('no primary picture')
  return codec === 'av01' ? 'avif' : codec === 'hvc1' ? 'heic' : undefined
}

/** Real files list under ten brands. */
const maxBrandBytes = 256

function check({ width, height, frames, canvas }: Description, limits: ImageLimits): void {
  const side = Math.max(width, height, canvas?.width ?? 0, canvas?.height ?? 0)
  if (side > limits.maxSide) throw tooComplex('side', limits.maxSide, side)
  if (frames > limits.maxFrames) throw tooComplex('frames', limits.maxFrames, frames)
  const pixels = frames * Math.max(width * height, (canvas?.width ?? 0) * (canvas?.height ?? 0))
  if (pixels > limits.maxPixels) throw tooComplex('pixels', limits.maxPixels, pixels)
}

import type { ServedFormat } from '@imagehost/contract/formats'
import { maxSide } from '@imagehost/contract/transform-verbs'
import type { TransformTo } from '@imagehost/contract/transforms'
import type { Inspection } from './inspect.ts'
import { isMoving } from './transform.ts'
import { rectangleOf } from './transform-still.ts'

/** Measured with 12 megapixels: 6.3 for JPEG, 5.3 for WebP, 3.5 for PNG, 12 for GIF, 33 for AVIF. */
const encoderBytes: Readonly<Record<ServedFormat, number>> = { jpeg: 8, webp: 8, png: 5, gif: 14, avif: 36 }
/** Of 12 megapixels blurring took 31 MB more, sharpening 5. */
const filterBytes = 6

/**
 * About how much memory a transform needs at its peak besides the bytes themselves, from above: a JPEG that is shrunk while it
 * is decoded takes less.
 */
export function transformBytes(inspection: Inspection, asked: TransformTo): number {
  const { width, height, frames, orientation, format, decodedBytes } = inspection
  const { rotate, flip, trim, crop, blur, sharpen } = asked
  const moving = isMoving(inspection, asked)
  const shown = moving ? frames : 1
  const held = 4 * width * height * shown
  const isFiltered = blur !== undefined || sharpen !== undefined
  const isTurned = rotate !== undefined || flip !== undefined || trim !== undefined
  // libvips keeps all frames of a WebP; turning needs the whole picture, and of an animation all that it is made of besides.
  const decoded = decodedBytes + (moving && format === 'webp' ? held : 0)
  const isFrameByFrame = moving && (isFiltered || format === 'png' || orientation > 1)
  const isWhole = isTurned || isFrameByFrame || (crop !== undefined && orientation > 1)
  const turned = isWhole ? held * (moving ? 2 : 1) : 0
  const pixels = shown * largestResult(inspection, asked)
  return decoded + turned + pixels * (encoderBytes[asked.format] + (isFiltered ? filterBytes : 0))
}

/** Pixels of the result, or more. */
function largestResult({ width, height }: Inspection, { w, h, fit, crop, trim, rotate, enlarge }: TransformTo): number {
  const across = rotate === 90 || rotate === 270
  const [shownWidth, shownHeight] = across ? [height, width] : [width, height]
  const whole = shownWidth * shownHeight
  if (w === undefined && h === undefined) return whole
  const cut = crop === undefined ? { width: shownWidth, height: shownHeight } : rectangleOf(crop)
  const ratio = trim === undefined ? cut.width / cut.height : undefined
  const box = (w ?? along(h!, ratio)) * (h ?? along(w!, ratio && 1 / ratio))
  if (fit === 'outside') return whole
  return enlarge || fit === 'contain' ? box : Math.min(box, whole)
}

/** The other side of one that was asked for; of what trimming leaves nobody knows it yet. */
const along = (side: number, ratio: number | undefined): number =>
  Math.max(1, Math.min(maxSide, ratio === undefined ? maxSide : side * ratio))

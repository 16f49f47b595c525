import type { TransformTo } from '@imagehost/contract/transforms'
import type { Sharp } from 'sharp'
import { canMove } from './encoders.ts'
import type { Inspection } from './inspect.ts'
import { asStill } from './isobmff.ts'
import { corrupt, tooComplex } from './refusals.ts'
import { sharp } from './sharp.ts'
import { transformAnimation } from './transform-animation.ts'
import { printRectangle, rectangleOf, reshape, transformStill, within } from './transform-still.ts'

/** Whatever is still not made by then keeps others from theirs: what a large picture in the slowest format takes, twice. */
const maxSeconds = 30

/** RFC 9649 section 2.7: 14 bits. Larger ones have to be made smaller, or something else. */
const maxWebpSide = 16_383

/**
 * A picture of ours, inspected and decoded before, as another one: upright, in sRGB unless its own colours are asked for,
 * without metadata. Throws `validation` where a crop lies outside, `image_too_complex` where it takes too long.
 */
export async function transform(bytes: Buffer, inspection: Inspection, to: TransformTo): Promise<Buffer> {
  const asked = isTrimmable(inspection) ? to : untrimmed(to)
  const still = inspection.format === 'avif' ? asStill(bytes) : bytes
  const colors = await colorsOf(still, inspection, asked)
  try {
    if (isMoving(inspection, asked))
      return await transformAnimation(bytes, inspection, inside(asked, inspection), () => openedRoll(bytes))
    const picture = colored(opened(still), colors)
    if (asked.trim === undefined || asked.crop === undefined)
      return await transformStill(picture, inside(asked, inspection))
    return await cropTrimmed(picture, inspection, asked)
  } catch (error) {
    throw refusalOf(error)
  }
}

/** Whether all frames go into it: of those formats whose frames we can read, into those that can move. */
export const isMoving = ({ format, frames }: Pick<Inspection, 'format' | 'frames'>, to: TransformTo): boolean =>
  frames > 1 && format !== 'avif' && canMove(to.format)

const always = { failOn: 'truncated', sequentialRead: true, limitInputPixels: false } as const

const opened = (bytes: Buffer): Sharp =>
  sharp(bytes, { ...always, pages: 1, autoOrient: true }).timeout({ seconds: maxSeconds })

/** All frames, one below the other, as they are stored: turning this would turn their order. */
const openedRoll = (bytes: Buffer): Sharp => sharp(bytes, { ...always, pages: -1 }).timeout({ seconds: maxSeconds })

type Colors = 'usual' | 'kept' | 'deep'

/**
 * A profile of inks or of greys means nothing to the red, green and blue that come out, so only others are kept. Of a deep picture
 * with a profile libvips would make P3, and sharp call it sRGB: [136, 135, 57] for [135, 135, 40].
 */
async function colorsOf(bytes: Buffer, { format }: Inspection, { gamut }: TransformTo): Promise<Colors> {
  const mayBeDeep = format === 'png' || format === 'avif'
  if (gamut !== 'keep' && !mayBeDeep) return 'usual'
  const { icc, space } = await sharp(bytes, { limitInputPixels: false }).metadata()
  if (icc === undefined || (space !== 'srgb' && space !== 'rgb16')) return 'usual'
  if (gamut === 'keep') return 'kept'
  return space === 'rgb16' ? 'deep' : 'usual'
}

function colored(picture: Sharp, colors: Colors): Sharp {
  if (colors === 'kept') return picture.keepIccProfile()
  return colors === 'deep' ? picture.pipelineColourspace('srgb') : picture
}

/** libvips finds edges in nothing smaller. */
const isTrimmable = ({ width, height }: Inspection): boolean => Math.min(width, height) >= 3

const untrimmed = ({ trim: _, ...rest }: TransformTo): TransformTo => rest

/** What trimming leaves has to be known before anything can be cut out of it. */
async function cropTrimmed(picture: Sharp, inspection: Inspection, asked: TransformTo): Promise<Buffer> {
  const { rotate, flip, trim, ...rest } = asked
  const turned = { ...(rotate !== undefined && { rotate }), ...(flip && { flip }), ...(trim !== undefined && { trim }) }
  const trimmed = reshape(picture, { format: 'png', ...turned }).png({ compressionLevel: 0 })
  const { data, info } = await trimmed.toBuffer({ resolveWithObject: true })
  const { width, height } = info
  return transform(data, { ...inspection, format: 'png', frames: 1, orientation: 1, width, height }, rest)
}

/** A crop that reaches over the edge ends there. */
function inside(asked: TransformTo, { width, height }: Inspection): TransformTo {
  const { crop, rotate, trim } = asked
  if (crop === undefined || trim !== undefined) return asked
  const isAcross = rotate === 90 || rotate === 270
  const size = isAcross ? { width: height, height: width } : { width, height }
  return { ...asked, crop: printRectangle(within(rectangleOf(crop), size)) }
}

function refusalOf(error: unknown): unknown {
  const reason = String(error)
  if (reason.includes('timeout:')) return tooComplex('seconds', maxSeconds, maxSeconds)
  if (reason.includes('too large for the')) return tooComplex('side', maxWebpSide, maxWebpSide + 1)
  return error instanceof Error && error.name === 'AppError' ? error : corrupt(reason)
}

import type { TransformTo } from '@imagehost/contract/transforms'
import type { Sharp } from 'sharp'
import { encode, type Timing } from './encoders.ts'
import { sharp } from './sharp.ts'
import { printRectangle, type Rectangle, rectangleOf, reshape, within } from './transform-still.ts'

/** Opens the animation with all of its frames, one below the other. */
type OpenRoll = () => Sharp

/**
 * An animation stays one. libvips has its frames one below the other, which is well for cutting and resizing; turning would
 * turn their order too, a blur run from one into the next, and so these are done frame by frame.
 */
export async function transformAnimation(openRoll: OpenRoll, asked: TransformTo): Promise<Buffer> {
  const roll = withoutLooking(asked)
  if (!isFrameByFrame(roll)) return encode(reshape(openRoll(), roll), roll).toBuffer()
  const { frames, timing } = await framesOf(openRoll)
  const size = { width: frames[0]!.width, height: frames[0]!.height }
  const box = roll.trim === undefined ? undefined : await trimmed(turnedOf(frames[0]!, roll), roll.trim)
  const { trim: _, ...untrimmed } = roll
  const placed = box ? { ...untrimmed, crop: printRectangle(cropIn(box, roll.crop)) } : untrimmed
  const shaped: Frame[] = []
  for (const frame of frames) shaped.push(await shapedOf(frame, placed))
  const { width, height, channels } = shaped[0] ?? { ...size, channels: 4 as const }
  const joined = sharp(Buffer.concat(shaped.map(({ pixels }) => pixels)), {
    raw: { width, height: height * shaped.length, channels, pageHeight: height },
    limitInputPixels: false,
  })
  return encode(joined, roll, timing).toBuffer()
}

const isFrameByFrame = ({ rotate, flip, trim, blur, sharpen }: TransformTo): boolean =>
  [rotate, flip, trim, blur, sharpen].some((verb) => verb !== undefined)

/** What matters may be elsewhere in each frame, and a picture that jumps is worse than one that misses it. */
function withoutLooking({ gravity, ...asked }: TransformTo): TransformTo {
  return gravity === undefined || gravity === 'entropy' || gravity === 'attention' ? asked : { ...asked, gravity }
}

interface Frame {
  width: number
  height: number
  channels: 1 | 2 | 3 | 4
  pixels: Buffer
}

async function framesOf(openRoll: OpenRoll): Promise<{ frames: Frame[]; timing: Timing }> {
  const { pages = 1, delay, loop = 0 } = await openRoll().metadata()
  const { data, info } = await openRoll().ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const { width } = info
  const height = info.height / pages
  const size = 4 * width * height
  const frames = Array.from({ length: pages }, (_, at) => ({
    width,
    height,
    channels: 4 as const,
    pixels: data.subarray(at * size, (at + 1) * size),
  }))
  return { frames, timing: { delay: delay ?? Array<number>(pages).fill(100), loop } }
}

const open = ({ pixels, width, height, channels }: Frame): Sharp => sharp(pixels, { raw: { width, height, channels } })

async function shapedOf(frame: Frame, asked: TransformTo): Promise<Frame> {
  const { data, info } = await reshape(open(frame), asked).raw().toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, channels: info.channels as Frame['channels'], pixels: data }
}

const turnedOf = (frame: Frame, { rotate, flip, bg, format }: TransformTo): Sharp =>
  reshape(open(frame), {
    format,
    ...(rotate !== undefined && { rotate }),
    ...(flip && { flip }),
    ...(bg !== undefined && { bg }),
  })

/** By the first frame, since all have to keep one size. */
async function trimmed(picture: Sharp, threshold: number): Promise<Rectangle> {
  const turned = await picture.png({ compressionLevel: 0 }).toBuffer()
  const { info } = await sharp(turned).trim({ threshold }).raw().toBuffer({ resolveWithObject: true })
  const { trimOffsetLeft = 0, trimOffsetTop = 0, width, height } = info
  return { left: -trimOffsetLeft, top: -trimOffsetTop, width, height }
}

function cropIn(box: Rectangle, crop: string | undefined): Rectangle {
  if (crop === undefined) return box
  const { left, top, width, height } = within(rectangleOf(crop), box)
  return { left: box.left + left, top: box.top + top, width, height }
}

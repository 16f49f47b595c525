import type { TransformTo } from '@imagehost/contract/transforms'
import type { Sharp } from 'sharp'
import { type Animation, framesOfApng, framesOfRoll } from './animation-frames.ts'
import { encode } from './encoders.ts'
import type { Inspection } from './inspect.ts'
import type { Pixels } from './orient.ts'
import { sharp } from './sharp.ts'
import { printRectangle, type Rectangle, rectangleOf, reshape, within } from './transform-still.ts'

/**
 * An animation stays one. libvips has its frames one below the other, which is well for cutting and resizing; turning would
 * turn their order too, a blur run from one into the next, and so these are done frame by frame.
 */
export async function transformAnimation(
  bytes: Buffer,
  inspection: Inspection,
  asked: TransformTo,
  openRoll: () => Sharp,
): Promise<Buffer> {
  const roll = withoutLooking(asked)
  if (!isFrameByFrame(inspection, roll)) return encode(reshape(openRoll(), roll), roll).toBuffer()
  const { frames, timing } = inspection.format === 'png' ? await framesOfApng(bytes) : await framesOfRoll(openRoll)
  return encodeFrames(await uprightAll(frames, inspection), timing, roll)
}

const isFrameByFrame = (
  { format, orientation }: Inspection,
  { rotate, flip, trim, blur, sharpen }: TransformTo,
): boolean =>
  format === 'png' || orientation > 1 || [rotate, flip, trim, blur, sharpen].some((verb) => verb !== undefined)

/** What matters may be elsewhere in each frame, and a picture that jumps is worse than one that misses it. */
function withoutLooking({ gravity, ...asked }: TransformTo): TransformTo {
  return gravity === undefined || gravity === 'entropy' || gravity === 'attention' ? asked : { ...asked, gravity }
}

async function encodeFrames(
  frames: readonly Pixels[],
  timing: Animation['timing'],
  asked: TransformTo,
): Promise<Buffer> {
  const { trim, ...untrimmed } = asked
  const box = trim === undefined ? undefined : await trimmed(turned(frames[0]!, asked), trim)
  const placed = box ? { ...untrimmed, crop: printRectangle(cropIn(box, asked.crop)) } : untrimmed
  const shaped: Buffer[] = []
  let shape = { width: 1, height: 1, channels: 4 as const as 1 | 2 | 3 | 4 }
  for (const frame of frames) {
    const { data, info } = await reshape(open(frame), placed).raw().toBuffer({ resolveWithObject: true })
    shape = { width: info.width, height: info.height, channels: info.channels as 3 | 4 }
    shaped.push(data)
  }
  const { width, height, channels } = shape
  const joined = sharp(Buffer.concat(shaped), {
    raw: { width, height: height * shaped.length, channels, pageHeight: height },
    limitInputPixels: false,
  })
  return encode(joined, asked, timing).toBuffer()
}

const open = ({ rgba, width, height }: Pixels): Sharp =>
  sharp(rgba, { raw: { width, height, channels: 4 }, limitInputPixels: false })

/** Only a file can tell how it was held, so each frame becomes one for a moment. */
async function uprightAll(frames: readonly Pixels[], { orientation }: Inspection): Promise<readonly Pixels[]> {
  if (orientation === 1) return frames
  const upright: Pixels[] = []
  for (const frame of frames) {
    const held = await open(frame).withMetadata({ orientation }).png({ compressionLevel: 0 }).toBuffer()
    const turnedUp = sharp(held, { autoOrient: true, limitInputPixels: false }).ensureAlpha().raw()
    const { data, info } = await turnedUp.toBuffer({ resolveWithObject: true })
    upright.push({ width: info.width, height: info.height, rgba: data })
  }
  return upright
}

const turned = (frame: Pixels, { rotate, flip, bg, format }: TransformTo): Sharp =>
  reshape(open(frame), {
    format,
    ...(rotate !== undefined && { rotate }),
    ...(flip && { flip }),
    ...(bg !== undefined && { bg }),
  })

/** By the first frame, since all have to keep one size. */
async function trimmed(picture: Sharp, threshold: number): Promise<Rectangle> {
  const whole = await picture.png({ compressionLevel: 0 }).toBuffer()
  const { info } = await sharp(whole).trim({ threshold }).raw().toBuffer({ resolveWithObject: true })
  const { trimOffsetLeft = 0, trimOffsetTop = 0, width, height } = info
  return { left: -trimOffsetLeft, top: -trimOffsetTop, width, height }
}

function cropIn(box: Rectangle, crop: string | undefined): Rectangle {
  if (crop === undefined) return box
  const { left, top, width, height } = within(rectangleOf(crop), box)
  return { left: box.left + left, top: box.top + top, width, height }
}

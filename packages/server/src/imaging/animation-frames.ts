import type { Sharp } from 'sharp'
import { placedFrames, playsOf } from './apng.ts'
import type { Timing } from './encoders.ts'
import type { Pixels } from './orient.ts'
import { sharp } from './sharp.ts'

export interface Animation {
  /** Of one size, as they are shown, not yet upright. */
  frames: Pixels[]
  timing: Timing
}

/** What libvips reads the frames of: GIF and WebP, one below the other. */
export async function framesOfRoll(openRoll: () => Sharp): Promise<Animation> {
  const { pages = 1, delay, loop = 0 } = await openRoll().metadata()
  const { data, info } = await openRoll().ensureAlpha().raw().toBuffer({ resolveWithObject: true })
  const { width } = info
  const height = info.height / pages
  const size = 4 * width * height
  const frames = Array.from({ length: pages }, (_, at) => ({
    width,
    height,
    rgba: data.subarray(at * size, (at + 1) * size),
  }))
  return { frames, timing: { delay: delay ?? Array<number>(pages).fill(100), loop } }
}

/** An animated PNG, of which libvips knows the first frame: each frame is painted on what the one before left. */
export async function framesOfApng(bytes: Buffer): Promise<Animation> {
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  let canvas: Pixels = { width, height, rgba: Buffer.alloc(4 * width * height) }
  const frames: Pixels[] = []
  const delay: number[] = []
  for (const { still, left, top, delayMs, dispose, isOver } of placedFrames(bytes)) {
    const place = { left, top }
    const painted = await decoded(still)
    const before = canvas
    canvas = isOver && frames.length > 0 ? await over(before, painted, place) : replaced(before, painted, place)
    frames.push(canvas)
    delay.push(delayMs)
    // Before the first frame there is nothing to go back to.
    if (dispose === 'previous' && frames.length > 1) canvas = before
    else if (dispose !== 'nothing') canvas = replaced(canvas, nothingOf(painted), place)
  }
  return { frames, timing: { delay, loop: playsOf(bytes) } }
}

interface Place {
  left: number
  top: number
}

async function decoded(still: Buffer): Promise<Pixels> {
  const picture = sharp(still, { failOn: 'truncated', limitInputPixels: false }).pipelineColourspace('srgb')
  const { data, info } = await picture
    .toColourspace('srgb')
    .ensureAlpha()
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, rgba: data }
}

const nothingOf = ({ width, height, rgba }: Pixels): Pixels => ({ width, height, rgba: Buffer.alloc(rgba.length) })

/** Line by line, since libvips would clear what is beside it. */
function replaced(canvas: Pixels, { width, height, rgba }: Pixels, { left, top }: Place): Pixels {
  const result = Buffer.from(canvas.rgba)
  for (let y = 0; y < height; y += 1)
    rgba.copy(result, 4 * ((top + y) * canvas.width + left), 4 * y * width, 4 * (y + 1) * width)
  return { ...canvas, rgba: result }
}

async function over(canvas: Pixels, { width, height, rgba }: Pixels, { left, top }: Place): Promise<Pixels> {
  const raw = (size: { width: number; height: number }) => ({
    width: size.width,
    height: size.height,
    channels: 4 as const,
  })
  const layer = { input: rgba, raw: raw({ width, height }), left, top, limitInputPixels: false }
  const picture = sharp(canvas.rgba, { raw: raw(canvas), limitInputPixels: false })
  return { ...canvas, rgba: await picture.composite([layer]).raw().toBuffer() }
}

import { type Chunk, chunkOf, pngChunks } from './png.ts'
import { corrupt } from './refusals.ts'

/**
 * The frames of an animated PNG that decoders of stills never look at, each as a still of its own, so that the same
 * decoder can prove them whole. Throws where their order or their places make no animation (PNG third edition, 12).
 */
export function* hiddenFrames(bytes: Buffer): Generator<Buffer> {
  const chunks = pngChunks(bytes)
  const header = chunks[0]!
  const colours = chunks.filter(({ type }) => type === 'PLTE' || type === 'tRNS')
  for (const frame of framesOf(bytes, chunks)) {
    // Frames whose pixels are those of the still itself are decoded with it.
    if (frame.pixels.length === 0) continue
    const still = Buffer.from(bytes.subarray(header.from, header.to))
    bytes.copy(still, 0, frame.control.from + 4, frame.control.from + 12)
    yield Buffer.concat([
      bytes.subarray(0, 8),
      chunkOf('IHDR', still),
      ...colours.map(({ start, end }) => bytes.subarray(start, end)),
      ...frame.pixels.map(({ from, to }) => chunkOf('IDAT', bytes.subarray(from + 4, to))),
      chunkOf('IEND', Buffer.alloc(0)),
    ])
  }
}

interface Frame {
  control: Chunk
  pixels: Chunk[]
}

function framesOf(bytes: Buffer, chunks: readonly Chunk[]): Frame[] {
  const frames: Frame[] = []
  let sequence = 0
  let isStillsFrame = false
  for (const chunk of chunks) {
    if (chunk.type === 'IDAT') isStillsFrame = frames.length === 1
    if (chunk.type !== 'fcTL' && chunk.type !== 'fdAT') continue
    if (bytes.readUInt32BE(chunk.from) !== sequence) throw corrupt('a frame out of order')
    sequence += 1
    if (chunk.type === 'fcTL') frames.push(placed(bytes, chunk))
    else if (frames.length > (isStillsFrame ? 1 : 0)) frames.at(-1)!.pixels.push(chunk)
    else throw corrupt('pixels without a frame')
  }
  const control = chunks.find(({ type }) => type === 'acTL')
  if (control === undefined || bytes.readUInt32BE(control.from) !== frames.length) throw corrupt('frames are missing')
  if (frames.some(({ pixels }, index) => pixels.length === 0 && !(isStillsFrame && index === 0))) {
    throw corrupt('a frame without pixels')
  }
  return frames
}

function placed(bytes: Buffer, control: Chunk): Frame {
  if (control.to - control.from !== 26) throw corrupt('a frame without a place')
  const [width, height, left, top] = [4, 8, 12, 16].map((at) => bytes.readUInt32BE(control.from + at))
  const fits = left! + width! <= bytes.readUInt32BE(16) && top! + height! <= bytes.readUInt32BE(20)
  if (width === 0 || height === 0 || !fits) throw corrupt('a frame outside the picture')
  return { control, pixels: [] }
}

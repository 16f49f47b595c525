import { type Chunk, chunkOf, pngChunks } from './png.ts'
import { corrupt } from './refusals.ts'

/**
 * The frames of an animated PNG that decoders of stills never look at, each as a still of its own, so that the same
 * decoder can prove them whole. Throws where their order or their places make no animation (PNG third edition, 12).
 */
export function* hiddenFrames(bytes: Buffer): Generator<Buffer> {
  const chunks = pngChunks(bytes)
  // Frames whose pixels are those of the still itself are decoded with it.
  for (const frame of framesOf(bytes, chunks))
    if (frame.pixels.length > 0) yield stillOf(bytes, chunks, frame, ['PLTE', 'tRNS'])
}

/** A frame, where it is painted, for how long it is seen, and what then becomes of its place. */
interface PlacedFrame {
  still: Buffer
  left: number
  top: number
  delayMs: number
  dispose: 'nothing' | 'background' | 'previous'
  /** Painted over what is there, instead of replacing it. */
  isOver: boolean
}

/** All frames in their order, as PNG third edition, 11.3.6.2, places them. Throws as `hiddenFrames`. */
export function* placedFrames(bytes: Buffer): Generator<PlacedFrame> {
  const chunks = pngChunks(bytes)
  for (const frame of framesOf(bytes, chunks)) {
    const { from } = frame.control
    const hundredths = bytes.readUInt16BE(from + 22) || 100
    yield {
      still: frame.pixels.length > 0 ? stillOf(bytes, chunks, frame, ['PLTE', 'tRNS', 'iCCP', 'sRGB']) : bytes,
      left: bytes.readUInt32BE(from + 12),
      top: bytes.readUInt32BE(from + 16),
      delayMs: Math.round((1000 * bytes.readUInt16BE(from + 20)) / hundredths),
      dispose: (['nothing', 'background', 'previous'] as const)[bytes.readUInt8(from + 24)] ?? 'nothing',
      isOver: bytes.readUInt8(from + 25) === 1,
    }
  }
}

/** How often an animation is shown; 0: for ever. */
export function playsOf(bytes: Buffer): number {
  const control = pngChunks(bytes).find(({ type }) => type === 'acTL')
  return control ? bytes.readUInt32BE(control.from + 4) : 0
}

function stillOf(bytes: Buffer, chunks: readonly Chunk[], { control, pixels }: Frame, kept: readonly string[]): Buffer {
  const header = Buffer.from(bytes.subarray(chunks[0]!.from, chunks[0]!.to))
  bytes.copy(header, 0, control.from + 4, control.from + 12)
  return Buffer.concat([
    bytes.subarray(0, 8),
    chunkOf('IHDR', header),
    ...chunks.filter(({ type }) => kept.includes(type)).map(({ start, end }) => bytes.subarray(start, end)),
    ...pixels.map(({ from, to }) => chunkOf('IDAT', bytes.subarray(from + 4, to))),
    chunkOf('IEND', Buffer.alloc(0)),
  ])
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

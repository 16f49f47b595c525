import type { Container, Description } from './container.ts'
import { readExif } from './exif-reader.ts'
import { corrupt, maxParts } from './refusals.ts'

/** WebP, RFC 9649: RIFF chunks; an extended file (VP8X) may hold colours, an animation and metadata. */
export const webp: Container = { describe, findExif, strip }

interface Chunk {
  type: string
  /** Of the data. */
  from: number
  to: number
}

/** Bits of the first byte of VP8X, RFC 9649 section 2.7. */
const alphaFlag = 0x10
const exifFlag = 0x08
const xmpFlag = 0x04
const animationFlag = 0x02
/** Bytes that tell place and time of a frame before its own chunks. */
const frameHeader = 16

function describe(bytes: Buffer): Description {
  const chunks = walk(bytes, 12, riffEnd(bytes))
  const first = chunks[0]
  if (first === undefined) throw corrupt('no chunk')
  const { width, height } = sizeOf(bytes, first)
  const frames = isAnimated(bytes, first) ? chunks.filter(({ type }) => type === 'ANMF').length : 1
  if (frames === 0) throw corrupt('an animation without frames')
  const { orientation } = readExif(findExif(bytes))
  // libwebp decodes into a whole picture. An animation is decoded frame by frame, and until malloc gives the memory of
  // the last ones back: measured 22 bytes a pixel with one arena, 33 with two, 50 with one for each thread.
  return { width, height, frames, orientation, heldBytes: width * height * (frames > 1 ? 36 : 8), lineBytes: 4 }
}

function findExif(bytes: Buffer): Buffer | undefined {
  const chunks = walk(bytes, 12, riffEnd(bytes))
  if (!hasFlag(bytes, chunks[0], exifFlag)) return undefined
  const chunk = chunks.find(({ type }) => type === 'EXIF')
  return chunk && bytes.subarray(chunk.from, chunk.to)
}

function strip(bytes: Buffer, exif: Buffer | undefined): Buffer {
  const chunks = walk(bytes, 12, riffEnd(bytes))
  if (chunks[0] === undefined) throw corrupt('no chunk')
  const isExtended = chunks[0].type === 'VP8X'
  // Only an extended file may hold EXIF; `exif` comes from one.
  const body = isExtended ? [extended(bytes, chunks[0], exif !== undefined)] : []
  for (const chunk of isExtended ? chunks.slice(1) : chunks.slice(0, 1)) body.push(...keep(bytes, chunk))
  if (isExtended && exif !== undefined) body.push(chunkOf('EXIF', exif))
  return chunkOf('RIFF', Buffer.concat([Buffer.from('WEBP'), ...body]))
}

/**
 * The frames of an animation, each as a still of its own: libvips keeps all frames of an animated WebP in memory
 * (measured: 4 bytes × pixels × frames), one after the other it needs that of one.
 */
export function* stillsOf(bytes: Buffer): Generator<Buffer> {
  for (const frame of walk(bytes, 12, riffEnd(bytes))) {
    if (frame.type !== 'ANMF') continue
    const parts = walk(bytes, frame.from + frameHeader, frame.to)
    const size = Buffer.alloc(10)
    size[0] = alphaFlag
    bytes.copy(size, 4, frame.from + 6, frame.from + 12)
    const hasAlpha = parts.some(({ type }) => type === 'ALPH')
    const kept = parts.filter(({ type }) => type === 'ALPH' || type === 'VP8 ' || type === 'VP8L')
    const body = kept.map(({ type, from, to }) => chunkOf(type, bytes.subarray(from, to)))
    yield chunkOf('RIFF', Buffer.concat([Buffer.from('WEBP'), ...(hasAlpha ? [chunkOf('VP8X', size)] : []), ...body]))
  }
}

/** Where the file ends by its own word; what follows belongs to somebody else. */
function riffEnd(bytes: Buffer): number {
  const end = 8 + bytes.readUInt32LE(4)
  if (end > bytes.length) throw corrupt('the file ends before its RIFF does')
  return end
}

function walk(bytes: Buffer, start: number, end: number): Chunk[] {
  const chunks: Chunk[] = []
  for (let at = start; at + 8 <= end; ) {
    const from = at + 8
    const to = from + bytes.readUInt32LE(at + 4)
    if (to > end) throw corrupt('a chunk ends outside its container')
    chunks.push({ type: bytes.toString('latin1', at, at + 4), from, to })
    if (chunks.length > maxParts) throw corrupt('too many chunks')
    at = to + ((to - from) % 2)
  }
  return chunks
}

function sizeOf(bytes: Buffer, { type, from }: Chunk): { width: number; height: number } {
  if (type === 'VP8X') return { width: bytes.readUIntLE(from + 4, 3) + 1, height: bytes.readUIntLE(from + 7, 3) + 1 }
  if (type === 'VP8L') {
    const bits = bytes.readUInt32LE(from + 1)
    return { width: (bits & 0x3fff) + 1, height: ((bits >> 14) & 0x3fff) + 1 }
  }
  if (type !== 'VP8 ') throw corrupt('the first chunk is no picture')
  const width = bytes.readUInt16LE(from + 6) & 0x3fff
  const height = bytes.readUInt16LE(from + 8) & 0x3fff
  if (width === 0 || height === 0) throw corrupt('an empty picture')
  return { width, height }
}

function hasFlag(bytes: Buffer, chunk: Chunk | undefined, flag: number): boolean {
  return chunk?.type === 'VP8X' && (bytes.readUInt8(chunk.from) & flag) !== 0
}

const isAnimated = (bytes: Buffer, first: Chunk): boolean => hasFlag(bytes, first, animationFlag)

function extended(bytes: Buffer, { from }: Chunk, exif: boolean): Buffer {
  const header = Buffer.alloc(10)
  bytes.copy(header, 0, from, from + 10)
  header[0] = (header[0]! & ~(exifFlag | xmpFlag)) | (exif ? exifFlag : 0)
  return chunkOf('VP8X', header)
}

const pictureChunks = new Set(['VP8 ', 'VP8L', 'ALPH', 'ICCP', 'ANIM'])

function keep(bytes: Buffer, { type, from, to }: Chunk): Buffer[] {
  if (pictureChunks.has(type)) return [chunkOf(type, bytes.subarray(from, to))]
  if (type !== 'ANMF') return []
  const parts = walk(bytes, from + frameHeader, to).flatMap((chunk) =>
    chunk.type === 'ANMF' ? [] : keep(bytes, chunk),
  )
  return [chunkOf('ANMF', Buffer.concat([bytes.subarray(from, from + frameHeader), ...parts]))]
}

function chunkOf(type: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.write(type, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}

import { crc32 } from 'node:zlib'
import type { Container, Description } from './container.ts'
import { readExif } from './exif-reader.ts'
import { corrupt, maxParts } from './refusals.ts'

/** PNG, W3C third edition (animations included): chunks of length, type, data and checksum. */
export const png: Container = { describe, findExif, strip }

export interface Chunk {
  type: string
  start: number
  /** Of the data. */
  from: number
  /** Behind the data; the checksum follows. */
  to: number
  /** Behind the checksum. */
  end: number
}

/** Until IEND, or the end of the bytes where it is missing. */
export function pngChunks(bytes: Buffer): Chunk[] {
  const chunks: Chunk[] = []
  for (let start = 8; start < bytes.length; ) {
    const from = start + 8
    const to = from + bytes.readUInt32BE(start)
    const type = bytes.toString('latin1', start + 4, from)
    if (to + 4 > bytes.length) throw corrupt(`chunk ${type} ends outside the file`)
    if (!known.test(type)) throw corrupt('a critical chunk that nobody knows')
    chunks.push({ type, start, from, to, end: to + 4 })
    if (type === 'IEND') break
    if (chunks.length > maxParts) throw corrupt('too many chunks')
    start = to + 4
  }
  if (chunks[0]?.type !== 'IHDR' || chunks[0].to - chunks[0].from !== 13) throw corrupt('no header')
  return chunks
}

/** Critical chunks (upper-case first letter) must be understood by whoever reads the file: PNG section 5.4. */
const known = /^(IHDR|PLTE|IDAT|IEND|[a-z][A-Za-z]{3})$/

/** What may change how the picture looks or moves. Text, time, EXIF and private chunks are not among it. */
const kept = new Set(
  'IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD hIST pHYs cICP mDCV mDCv cLLI cLLi acTL fcTL fdAT'.split(' '),
)

interface PngHeader {
  width: number
  height: number
  bitsPerPixel: number
  interlaced: boolean
}

function pngHeader(bytes: Buffer): PngHeader {
  const channels = [1, 0, 3, 1, 2, 0, 4][bytes.readUInt8(25)]
  if (!channels) throw corrupt('an unknown colour type')
  return {
    width: bytes.readUInt32BE(16),
    height: bytes.readUInt32BE(20),
    bitsPerPixel: bytes.readUInt8(24) * channels,
    interlaced: bytes.readUInt8(28) !== 0,
  }
}

/** Decoders pass over damaged checksums of what they can do without, and never see those of animations. */
export function verifyChecksums(bytes: Buffer): void {
  for (const { type, start, to } of pngChunks(bytes)) {
    if (crc32(bytes.subarray(start + 4, to)) !== bytes.readUInt32BE(to)) throw corrupt(`checksum of ${type}`)
  }
}

function describe(bytes: Buffer): Description {
  const chunks = pngChunks(bytes)
  const { width, height, bitsPerPixel, interlaced } = pngHeader(bytes)
  if (width === 0 || height === 0) throw corrupt('an empty picture')
  if (chunks.at(-1)?.type !== 'IEND') throw corrupt('the end is missing')
  const exif = chunks.find(({ type }) => type === 'eXIf')
  const { orientation } = readExif(exif && bytes.subarray(exif.from, exif.to))
  const frames = framesOf(bytes, chunks)
  // libvips makes three bytes or more of every pixel. Frames of an animation are copied out of it one by one.
  const lineBytes = Math.max(3, bitsPerPixel / 8)
  const heldBytes = (interlaced ? width * height * lineBytes : 0) + (frames > 1 ? 2 * bytes.length : 0)
  return { width, height, frames, orientation, heldBytes, lineBytes }
}

/** The larger of what is told and what is there: whoever decodes may believe either. */
function framesOf(bytes: Buffer, chunks: readonly Chunk[]): number {
  const control = chunks.find(({ type }) => type === 'acTL')
  if (control === undefined) return 1
  const found = chunks.filter(({ type }) => type === 'fcTL').length
  return Math.max(1, found, bytes.readUInt32BE(control.from))
}

function findExif(bytes: Buffer): Buffer | undefined {
  const chunk = pngChunks(bytes).find(({ type }) => type === 'eXIf')
  return chunk && bytes.subarray(chunk.from, chunk.to)
}

function strip(bytes: Buffer, exif: Buffer | undefined): Buffer {
  const [header, ...rest] = pngChunks(bytes)
  return Buffer.concat([
    bytes.subarray(0, header!.end),
    ...(exif === undefined ? [] : [chunkOf('eXIf', exif)]),
    ...rest.filter(({ type }) => kept.has(type)).map(({ start, end }) => bytes.subarray(start, end)),
  ])
}

/** One chunk with its length and checksum. */
export function chunkOf(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(data.length + 12)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  data.copy(chunk, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, -4)), data.length + 8)
  return chunk
}

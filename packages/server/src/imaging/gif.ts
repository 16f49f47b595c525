import type { Container, Description } from './container.ts'
import { corrupt, maxParts } from './refusals.ts'

/** GIF89a: blocks of sub-blocks. A logical screen, on which frames are painted one after the other. */
export const gif: Container = { describe, findExif: () => undefined, strip }

interface Block {
  /** 0x2C image, 0x3B trailer, or the label of an extension. */
  kind: number
  start: number
  end: number
}

const image = 0x2c
const trailer = 0x3b
const extension = 0x21
const graphicControl = 0xf9
const application = 0xff

function describe(bytes: Buffer): Description {
  const screen = { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  const blocks = walk(bytes)
  const frames = blocks.filter(({ kind }) => kind === image)
  const reaches = frames.map(({ start }) => ({
    width: bytes.readUInt16LE(start + 1) + bytes.readUInt16LE(start + 5),
    height: bytes.readUInt16LE(start + 3) + bytes.readUInt16LE(start + 7),
  }))
  if (reaches[0] === undefined) throw corrupt('no frame')
  // Decoders show what is there of a truncated animation without a word.
  if (blocks.at(-1)?.kind !== trailer) throw corrupt('the end is missing')
  // Browsers enlarge the screen for the first frame and no other; decoders may for any.
  const { width, height } = covering(screen, reaches[0])
  const canvas = reaches.reduce(covering, screen)
  if (width === 0 || height === 0) throw corrupt('an empty screen')
  // The canvas and, for frames that are to be undone, the one before it.
  const heldBytes = canvas.width * canvas.height * (frames.length > 1 ? 8 : 4)
  return { width, height, frames: frames.length, orientation: 1, canvas, heldBytes, lineBytes: 4 }
}

interface Size {
  width: number
  height: number
}

const covering = (one: Size, other: Size): Size => ({
  width: Math.max(one.width, other.width),
  height: Math.max(one.height, other.height),
})

/** Until the trailer, or the end of the bytes where it is missing. */
function walk(bytes: Buffer): Block[] {
  const blocks: Block[] = []
  for (let start = 13 + tableBytes(bytes.readUInt8(10)); start < bytes.length; ) {
    const { kind, end } = readBlock(bytes, start)
    blocks.push({ kind, start, end })
    if (kind === trailer) break
    if (blocks.length > maxParts) throw corrupt('too many blocks')
    start = end
  }
  return blocks
}

function readBlock(bytes: Buffer, start: number): { kind: number; end: number } {
  const introducer = bytes.readUInt8(start)
  if (introducer === trailer) return { kind: trailer, end: start + 1 }
  if (introducer === extension) return { kind: bytes.readUInt8(start + 1), end: subBlocksEnd(bytes, start + 2) }
  if (introducer !== image) throw corrupt('an unknown block')
  return { kind: image, end: subBlocksEnd(bytes, start + 11 + tableBytes(bytes.readUInt8(start + 9))) }
}

/** Bytes of the colour table that these flags announce. */
const tableBytes = (flags: number): number => (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0)

function subBlocksEnd(bytes: Buffer, from: number): number {
  let at = from
  for (let size = bytes.readUInt8(at); size > 0; size = bytes.readUInt8(at)) at += size + 1
  return at + 1
}

function strip(bytes: Buffer): Buffer {
  const blocks = walk(bytes)
  return Buffer.concat([
    bytes.subarray(0, blocks[0]?.start ?? bytes.length),
    ...blocks.flatMap((block) => keep(bytes, block)),
  ])
}

/**
 * Of the extensions stay the timing of frames and the number of loops, each in its one sub-block. Comments, XMP and
 * other applications' data go, and so does plain text, which no browser paints.
 */
function keep(bytes: Buffer, { kind, start, end }: Block): Buffer[] {
  if (kind === image || kind === trailer) return [bytes.subarray(start, end)]
  if (kind === graphicControl && bytes[start + 2] === 4) return [bytes.subarray(start, start + 7), Buffer.alloc(1)]
  const name = bytes.toString('latin1', start + 3, start + 14)
  const isLoop = kind === application && (name === 'NETSCAPE2.0' || name === 'ANIMEXTS1.0')
  return isLoop && bytes[start + 14] === 3 ? [bytes.subarray(start, start + 18), Buffer.alloc(1)] : []
}

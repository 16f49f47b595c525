import { crc32 } from 'node:zlib'

/**
 * An animation of 10 frames a second out of PNGs of one size and colour type; what stands before the first's pixels is
 * kept.
 */
export function assembleApng(stills: readonly Buffer[]): Buffer {
  const first = chunksOf(stills[0]!)
  const [header, ...rest] = first.slice(
    0,
    first.findIndex(({ type }) => type === 'IDAT'),
  )
  const size = header!.data.subarray(0, 8)
  const parts = [signature, chunk('IHDR', header!.data), chunk('acTL', words(stills.length, 0))]
  parts.push(...rest.map(({ type, data }) => chunk(type, data)))
  let sequence = 0
  for (const [index, still] of stills.entries()) {
    // Offset 0,0; delay 1/10 s; dispose to nothing; replace.
    const place = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 10, 0, 0])
    parts.push(chunk('fcTL', Buffer.concat([words(sequence++), size, place])))
    for (const { type, data } of chunksOf(still)) {
      if (type !== 'IDAT') continue
      parts.push(index === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([words(sequence++), data])))
    }
  }
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))])
}

interface PlacedStill {
  png: Buffer
  width: number
  height: number
  dispose: 'nothing' | 'background' | 'previous'
  blend: 'source' | 'over'
}

/** An animation of frames at the top left, the first as large as all, each leaving and coming as it says. */
export function placedApng(frames: readonly PlacedStill[]): Buffer {
  const [first] = frames
  const header = chunksOf(first!.png)[0]!
  const parts = [signature, chunk('IHDR', header.data), chunk('acTL', words(frames.length, 0))]
  let sequence = 0
  for (const [index, { png, width, height, dispose, blend }] of frames.entries()) {
    const place = Buffer.from([
      0,
      1,
      0,
      10,
      ['nothing', 'background', 'previous'].indexOf(dispose),
      blend === 'over' ? 1 : 0,
    ])
    parts.push(chunk('fcTL', Buffer.concat([words(sequence++, width, height, 0, 0), place])))
    for (const { type, data } of chunksOf(png)) {
      if (type !== 'IDAT') continue
      parts.push(index === 0 ? chunk('IDAT', data) : chunk('fdAT', Buffer.concat([words(sequence++), data])))
    }
  }
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))])
}

/** One PNG chunk with its length and checksum. */
export function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  return Buffer.concat([words(data.length), body, words(crc32(body))])
}

const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')

function words(...values: number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length)
  for (const [index, value] of values.entries()) buffer.writeUInt32BE(value, 4 * index)
  return buffer
}

function chunksOf(png: Buffer): { type: string; data: Buffer }[] {
  const chunks: { type: string; data: Buffer }[] = []
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at)
    chunks.push({ type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

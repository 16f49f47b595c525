import { type BitReader, bitsOf } from './bits.ts'
import { corrupt, maxParts } from './refusals.ts'

/**
 * The sizes that a run of AV1 OBUs (open bitstream units, AV1 section 5.3) makes a decoder allocate. The container tells
 * a size of its own, and a file of 300 bytes may tell 1 × 1 there and hold 65,536 × 65,536 here.
 */
export function av1Sizes(obus: Buffer): { width: number; height: number }[] {
  const sizes: { width: number; height: number }[] = []
  for (let at = 0; at < obus.length; ) {
    const header = obus[at]!
    const from = at + (header & 4 ? 2 : 1)
    const { value, length } = header & 2 ? readLeb128(obus, from) : { value: obus.length - from, length: 0 }
    const data = obus.subarray(from + length, from + length + value)
    if (((header >> 3) & 15) === sequenceHeader) {
      sizes.push(readSequenceHeader(data))
      if (sizes.length > maxParts) throw corrupt('too many sequence headers')
    }
    at = from + length + value
  }
  return sizes
}

const sequenceHeader = 1

function readLeb128(bytes: Buffer, from: number): { value: number; length: number } {
  let value = 0
  for (let length = 1; length <= 8; length += 1) {
    const byte = bytes.readUInt8(from + length - 1)
    value += (byte & 127) * 128 ** (length - 1)
    if (byte < 128) return { value, length }
  }
  throw new RangeError('a length without end')
}

/** AV1 section 5.5.1, as far as the size. */
function readSequenceHeader(data: Buffer): { width: number; height: number } {
  const bits = bitsOf(data)
  bits.skip(4)
  const isReduced = bits.read(1) === 1
  if (isReduced) bits.skip(5)
  else skipOperatingPoints(bits)
  const widthBits = bits.read(4) + 1
  const heightBits = bits.read(4) + 1
  return { width: bits.read(widthBits) + 1, height: bits.read(heightBits) + 1 }
}

function skipOperatingPoints(bits: BitReader): void {
  const delayBits = bits.read(1) === 1 ? skipTiming(bits) : 0
  const hasDisplayDelay = bits.read(1) === 1
  for (let left = bits.read(5); left >= 0; left -= 1) {
    bits.skip(12)
    if (bits.read(5) > 7) bits.skip(1)
    if (delayBits > 0 && bits.read(1) === 1) bits.skip(2 * delayBits + 1)
    if (hasDisplayDelay && bits.read(1) === 1) bits.skip(4)
  }
}

/** Answers the bits of a buffer delay, 0 where there is no decoder model. */
function skipTiming(bits: BitReader): number {
  bits.skip(64)
  if (bits.read(1) === 1) bits.readGolomb()
  if (bits.read(1) === 0) return 0
  const delayBits = bits.read(5) + 1
  bits.skip(42)
  return delayBits
}

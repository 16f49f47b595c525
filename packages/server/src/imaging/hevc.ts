import { type BitReader, bitsOf } from './bits.ts'

/**
 * The size that a HEVC sequence parameter set (ITU-T H.265 section 7.3.2.2) makes a decoder allocate; `unit` is the NAL
 * unit.
 */
export function hevcSize(unit: Buffer): { width: number; height: number } {
  const bits = bitsOf(withoutEmulation(unit))
  // The unit's header and the id of the video parameter set.
  bits.skip(16 + 4)
  const subLayers = bits.read(3)
  // Nesting, then the general profile, tier and level.
  bits.skip(1 + 96)
  skipSubLayers(bits, subLayers)
  bits.readGolomb()
  if (bits.readGolomb() === 3) bits.skip(1)
  return { width: bits.readGolomb(), height: bits.readGolomb() }
}

export const isSequenceParameterSet = (unit: Buffer): boolean => (unit[0] ?? 0) >> 1 === 33

function skipSubLayers(bits: BitReader, count: number): void {
  if (count === 0) return
  const present = Array.from({ length: 8 }, (_, index) => {
    const [hasProfile, hasLevel] = [bits.read(1), bits.read(1)]
    return index < count ? 88 * hasProfile! + 8 * hasLevel! : 0
  })
  for (const size of present) bits.skip(size)
}

/**
 * A 3 behind two zero bytes is there only so that no start code appears (section 7.4.2). The size stands at the
 * beginning.
 */
function withoutEmulation(unit: Buffer): Buffer {
  const kept: number[] = []
  for (const [index, byte] of unit.subarray(0, 512).entries()) {
    if (byte !== 3 || unit[index - 1] !== 0 || unit[index - 2] !== 0) kept.push(byte)
  }
  return Buffer.from(kept)
}

import { segmentOf } from './jpeg.ts'
import { sharp } from './sharp.ts'

/**
 * The same JPEG (one that has no profile) with this colour profile: its numbers are kept, and now mean other colours.
 */
export async function withProfile(jpeg: Buffer, profile: Buffer | 'p3' | undefined): Promise<Buffer> {
  if (profile === undefined) return jpeg
  const icc = profile === 'p3' ? await displayP3() : profile
  const count = Math.ceil(icc.length / maxPiece)
  // ICC.1:2022 annex B.4 numbers the pieces in one byte.
  if (count > 255) return jpeg
  const pieces = Array.from({ length: count }, (_, index) => {
    const mark = Buffer.from(`ICC_PROFILE\0${String.fromCharCode(index + 1, count)}`, 'latin1')
    return segmentOf(0xe2, mark, icc.subarray(index * maxPiece, (index + 1) * maxPiece))
  })
  return Buffer.concat([jpeg.subarray(0, 2), ...pieces, jpeg.subarray(2)])
}

/** A segment holds 65,533 bytes, 14 of them for the mark. */
const maxPiece = 65_519

async function displayP3(): Promise<Buffer> {
  const pixel = sharp({ create: { width: 1, height: 1, channels: 3, background: '#000' } })
  const { icc } = await sharp(await pixel.withIccProfile('p3').png().toBuffer()).metadata()
  if (icc === undefined) throw new Error('sharp has lost its P3 profile')
  return icc
}

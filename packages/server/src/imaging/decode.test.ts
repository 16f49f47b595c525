import { thumbHashToRGBA } from 'thumbhash'
import { describe, expect, test } from 'vitest'
import { allPictures } from '../testing/all-pictures.ts'
import { bitFlipped } from '../testing/hostile-pictures.ts'
import { pictures } from '../testing/pictures.ts'
import { decode } from './decode.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'
import { chunkOf, pngChunks } from './png.ts'
import { strip } from './strip.ts'

const decoded = (bytes: Buffer) => decode(bytes, inspect(bytes, limits))

async function verdictOf(bytes: Buffer): Promise<unknown> {
  try {
    await decoded(bytes)
    return 'whole'
  } catch (error) {
    return error instanceof Error && 'code' in error ? error.code : error
  }
}

describe('decode', async () => {
  const all = Object.entries(await allPictures())

  test.for(all)('passes what is whole, before and after stripping: %s', async ([, bytes]) => {
    const after = strip(bytes, inspect(bytes, limits), { keepMetadata: false })
    expect(await decoded(after)).toEqual(await decoded(bytes))
  })

  test.for(all)('refuses what is cut off, wherever: %s', async ([name, bytes]) => {
    // A large profile stands before the pixels: cuts within it are cheap and all alike.
    const whole = strip(bytes, inspect(bytes, limits), { keepMetadata: false })
    for (let share = 0.05; share < 1; share += 0.05) {
      expect(await verdictOf(whole.subarray(0, Math.floor(whole.length * share))), name).toBe('image_corrupt')
    }
    for (let bytesLess = 1; bytesLess <= 13; bytesLess += 1) {
      expect(await verdictOf(whole.subarray(0, -bytesLess)), `${name} without ${bytesLess} bytes`).toBe('image_corrupt')
    }
  })

  test('refuses every flipped bit in the pixels of a PNG or an AVIF', async () => {
    const damaged = [await pictures.png(), await pictures.apng(), await pictures.avif({ width: 128, height: 96 })]
    for (const bytes of damaged) {
      for (let share = 0.6; share < 0.99; share += 0.05) {
        expect(await verdictOf(bitFlipped(bytes, share))).toBe('image_corrupt')
      }
    }
  })

  test('refuses a JPEG whose data stop making sense', async () => {
    const bytes = await pictures.jpeg({ width: 256, height: 192 })
    const from = Math.floor(bytes.length * 0.6)
    bytes.fill(0x55, from, from + 400)
    expect(await verdictOf(bytes)).toBe('image_corrupt')
  })

  test('passes JPEGs of careless cameras: padded before the end, or with progressive parameters', async () => {
    const bytes = await pictures.jpeg()
    expect(await verdictOf(Buffer.concat([bytes.subarray(0, -2), Buffer.alloc(40), bytes.subarray(-2)]))).toBe('whole')
    const scan = bytes.indexOf(Buffer.from('ffda', 'hex'))
    bytes[scan + 2 + bytes.readUInt16BE(scan + 2) - 2] = 0
    expect(await verdictOf(bytes)).toBe('whole')
  })

  test('passes a PNG with a colour profile that makes no sense, as browsers do', async () => {
    const bytes = await pictures.png()
    const profile = chunkOf('iCCP', Buffer.from('wrong\0\0nonsense', 'latin1'))
    expect(await verdictOf(Buffer.concat([bytes.subarray(0, 33), profile, bytes.subarray(33)]))).toBe('whole')
  })

  test('refuses an animated PNG with a later frame that is no picture, though its checksums are right', async () => {
    const bytes = await pictures.apng()
    const last = pngChunks(bytes).findLast(({ type }) => type === 'fdAT')!
    const data = Buffer.from(bytes.subarray(last.from, last.to)).fill(7, 20, 60)
    const damaged = Buffer.concat([bytes.subarray(0, last.start), chunkOf('fdAT', data), bytes.subarray(last.end)])
    expect(await verdictOf(bytes)).toBe('whole')
    expect(await verdictOf(damaged)).toBe('image_corrupt')
  })

  test('refuses an animated PNG that lacks a frame or holds them in another order', async () => {
    const bytes = await pictures.apng()
    const chunks = pngChunks(bytes)
    const without = (index: number): Buffer => {
      const { start, end } = chunks.filter(({ type }) => type === 'fcTL' || type === 'fdAT').at(index)!
      return Buffer.concat([bytes.subarray(0, start), bytes.subarray(end)])
    }
    expect(await verdictOf(without(1))).toBe('image_corrupt')
    expect(await verdictOf(without(-1))).toBe('image_corrupt')
  })

  test('refuses an animated WebP with a later frame that is no picture', async () => {
    const bytes = await pictures.webp({ frames: 3 })
    const last = bytes.lastIndexOf('VP8 ')
    bytes.fill(0xff, last + 18, last + 60)
    expect(await verdictOf(bytes)).toBe('image_corrupt')
  })

  test('makes a thumbnail of the right shape, the right way up, for every orientation', async () => {
    for (const orientation of [1, 2, 3, 4, 5, 6, 7, 8]) {
      const { thumbhash } = await decoded(await pictures.jpeg({ width: 120, height: 60, orientation }))
      const { w, h, rgba } = thumbHashToRGBA(Buffer.from(thumbhash, 'base64'))
      expect(w > h, `orientation ${orientation}`).toBe(orientation < 5)
      // It is greenest at the bottom left of what is stored.
      const greenness = (x: number, y: number): number => rgba[4 * (y * w + x) + 1]! - rgba[4 * (y * w + x)]!
      const [right, bottom] = [w - 3, h - 3]
      const corners = {
        topLeft: greenness(2, 2),
        topRight: greenness(right, 2),
        bottomRight: greenness(right, bottom),
        bottomLeft: greenness(2, bottom),
      }
      const greenest = Object.entries(corners).toSorted(([, one], [, other]) => other - one)[0]![0]
      const places = 'bottomLeft bottomRight topRight topLeft topRight topLeft bottomLeft bottomRight'.split(' ')
      expect(greenest, `orientation ${orientation}`).toBe(places[orientation - 1])
    }
  })

  test('tells the dominant colour', async () => {
    expect((await decoded(await pictures.jpeg())).color).toMatch(/^#f[0-9a-f]1[0-9a-f]1[0-9a-f]$/)
  })

  test('refuses an AVIF whose container tells another size than its data', async () => {
    const bytes = await pictures.avif()
    for (let at = bytes.indexOf('ispe'); at > 0; at = bytes.indexOf('ispe', at + 4)) bytes.writeUInt32BE(32, at + 8)
    expect(await verdictOf(bytes)).toBe('image_corrupt')
  })

  test('decodes what is one pixel high or wide', async () => {
    expect(await verdictOf(await pictures.png({ width: 3000, height: 1 }))).toBe('whole')
    expect(await verdictOf(await pictures.jpeg({ width: 1, height: 3000 }))).toBe('whole')
    expect(await verdictOf(await pictures.gif({ width: 1, height: 1 }))).toBe('whole')
  })
})

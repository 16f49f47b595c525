import { AppError } from '@imagehost/contract/errors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allPictures } from '../testing/all-pictures.ts'
import { bombs, notPictures, truncated } from '../testing/hostile-pictures.ts'
import { pictures } from '../testing/pictures.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'

const codeOf = (bytes: Buffer, within = limits): string => {
  try {
    return inspect(bytes, within).format
  } catch (error) {
    if (error instanceof AppError) return error.code
    throw error
  }
}

const expected: Record<string, ReturnType<typeof facts>> = {
  jpeg: facts('jpeg', 64, 48),
  'progressive jpeg': facts('jpeg', 64, 48),
  'jpeg with a location, turned': facts('jpeg', 48, 64, 1, 6),
  png: facts('png', 64, 48, 1, 3),
  'animated png': facts('png', 48, 64, 3, 5),
  gif: facts('gif', 64, 48),
  'animated gif': facts('gif', 64, 48, 3),
  webp: facts('webp', 48, 64, 1, 7),
  'plain webp': facts('webp', 64, 48),
  'lossless webp with alpha': facts('webp', 64, 48),
  'animated webp': facts('webp', 64, 48, 3),
  avif: facts('avif', 48, 64),
  'avif with alpha': facts('avif', 64, 48),
  'animated avif': facts('avif', 64, 48, 3),
}

function facts(format: string, width: number, height: number, frames = 1, orientation = 1) {
  return { format, mime: `image/${format}`, width, height, frames, orientation }
}

describe('inspect', async () => {
  const all = await allPictures()

  test.for(Object.entries(expected))('tells type, size, frames and orientation: %s', ([name, found]) => {
    expect(inspect(all[name]!, limits)).toMatchObject(found)
  })

  test('knows HEIC, and turns its size as the container turns the picture', async () => {
    expect(inspect(await pictures.heic(), limits)).toMatchObject(facts('heic', 64, 48))
    expect(inspect(await pictures.heic('turned'), limits)).toMatchObject(facts('heic', 48, 64))
  })

  test.for([1, 2, 3, 4, 5, 6, 7, 8])('gives the shown size for orientation %i', async (orientation) => {
    const shown = orientation >= 5 ? { width: 48, height: 64 } : { width: 64, height: 48 }
    for (const bytes of [await pictures.jpeg({ orientation }), await pictures.webp({ orientation })]) {
      expect(inspect(bytes, limits)).toMatchObject({ ...shown, orientation })
    }
  })

  test.for(Object.entries(await notPictures()))('refuses what is no picture: %s', ([, bytes]) => {
    expect(codeOf(bytes)).toBe('unsupported_type')
  })

  test.for(Object.entries(await bombs()))('refuses what asks for too much: %s', ([, bytes]) => {
    expect(codeOf(bytes)).toBe('image_too_complex')
  })

  test('names the limit that was met', async () => {
    const bytes = await pictures.gif({ frames: 3 })
    expect(() => inspect(bytes, { ...limits, maxFrames: 2 })).toThrow(
      expect.objectContaining({ details: { limit: 'frames', max: 2, found: 3 } }),
    )
    expect(() => inspect(bytes, { ...limits, maxPixels: 9215 })).toThrow(
      expect.objectContaining({ details: { limit: 'pixels', max: 9215, found: 9216 } }),
    )
  })

  test.for([pictures.avif, pictures.animatedAvif])('believes the coded size of an AVIF too: %o', async (make) => {
    const bytes = await make()
    const lying = Buffer.from(bytes)
    for (let at = bytes.indexOf('ispe'); at > 0; at = bytes.indexOf('ispe', at + 4)) lying.writeUInt32BE(8, at + 8)
    expect(inspect(lying, limits)).toMatchObject({ width: 8 })
    expect(codeOf(lying, { ...limits, maxSide: 63 })).toBe('image_too_complex')
  })

  test('believes the coded size of a HEIC too', async () => {
    const lying = await pictures.heic('p3')
    for (let at = lying.indexOf('ispe'); at > 0; at = lying.indexOf('ispe', at + 4)) lying.writeUInt32BE(8, at + 8)
    expect(codeOf(lying, { ...limits, maxSide: 63 })).toBe('image_too_complex')
  })

  test('refuses a progressive JPEG of many scans over many pixels', async () => {
    const bytes = await pictures.jpeg({ progressive: true })
    const scan = bytes.lastIndexOf(Buffer.from('ffda', 'hex'))
    const more = Array<Buffer>(100).fill(bytes.subarray(scan, -2))
    expect(codeOf(Buffer.concat([bytes.subarray(0, -2), ...more, bytes.subarray(-2)]))).toBe('image_too_complex')
    const frame = bytes.indexOf(Buffer.from('ffc2', 'hex'))
    bytes.writeUInt16BE(16_000, frame + 5)
    bytes.writeUInt16BE(16_000, frame + 7)
    expect(codeOf(bytes, { ...limits, maxPixels: 300_000_000 })).toBe('image_too_complex')
  })

  test('comes to an end for 20 MB of nothing but escapes', () => {
    const start = Buffer.from('ffd8ffc0000b080001000101011100ffda0008010100003f00', 'hex')
    for (const filling of ['ff', 'ff00', '00ff0012', 'ff00'.padEnd(36, '1')]) {
      const bytes = Buffer.concat([start, Buffer.alloc(20_000_000, filling, 'hex')])
      expect(codeOf(bytes)).toBe('image_corrupt')
    }
  })

  test('sees before decoding that half a file is not whole', () => {
    for (const [name, bytes] of Object.entries(all)) expect(codeOf(truncated(bytes)), name).toBe('image_corrupt')
  })

  test('answers any damage with facts or an error of ours', () => {
    const damaged = fc.tuple(
      fc.constantFrom(...Object.values(all)),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
        maxLength: 8,
      }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(damaged, ([bytes, changes, share]) => {
        const copy = Buffer.from(truncated(bytes, share))
        // Headers stand at the beginning: that is where damage does harm.
        for (const [place, value] of changes) copy[Math.floor(place ** 3 * (copy.length - 1))] = value
        expect(codeOf(copy)).toBeTypeOf('string')
      }),
      { numRuns: 3000 },
    )
  })
})

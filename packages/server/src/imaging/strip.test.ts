import { AppError } from '@imagehost/contract/errors'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { allPictures } from '../testing/all-pictures.ts'
import { gpsFacts, pictures, secretPlace } from '../testing/pictures.ts'
import { containers } from './containers.ts'
import { readFacts } from './exif.ts'
import { readExif } from './exif-reader.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'
import { asStill } from './isobmff.ts'
import { sharp } from './sharp.ts'
import { strip } from './strip.ts'

const stripped = (bytes: Buffer, keepMetadata = false): Buffer => strip(bytes, inspect(bytes, limits), { keepMetadata })

/** Every pixel of every frame, and the profile that gives them their colours. */
async function look(bytes: Buffer): Promise<{ pixels: Buffer; icc: Buffer | undefined }> {
  const readable = inspect(bytes, limits).format === 'avif' ? asStill(bytes) : bytes
  const picture = sharp(readable, { animated: true })
  return { pixels: await picture.clone().raw().toBuffer(), icc: (await picture.metadata()).icc }
}

describe('strip', async () => {
  const all = Object.entries(await allPictures())

  test.for(all)('changes no pixel, no colour, no frame and no orientation: %s', async ([, bytes]) => {
    for (const keepMetadata of [false, true]) {
      const after = stripped(bytes, keepMetadata)
      expect(inspect(after, limits)).toEqual({ ...inspect(bytes, limits), decodedBytes: expect.any(Number) })
      const [seen, shown] = [await look(bytes), await look(after)]
      expect(shown.pixels.equals(seen.pixels)).toBe(true)
      expect(shown.icc).toEqual(seen.icc)
    }
  })

  test.for(all)('leaves no place, name or comment: %s', ([, bytes]) => {
    for (const after of [stripped(bytes), stripped(bytes, true)]) {
      for (const secret of [secretPlace, 'GPSLatitude', 'xmpmeta', 'rdf:RDF', 'mp42', 'MPF']) {
        expect(after.includes(secret), secret).toBe(false)
      }
    }
    expect(readFacts(stripped(bytes), inspect(bytes, limits))).toEqual({})
  })

  test.for(all)('has nothing left to do the second time: %s', ([, bytes]) => {
    const once = stripped(bytes)
    expect(stripped(once).equals(once)).toBe(true)
  })

  test.for(all)('cuts what follows the end: %s', ([name, bytes]) => {
    const followed = Buffer.concat([bytes, Buffer.from(`<script>${secretPlace}</script>`)])
    expect(stripped(followed).includes('<script>'), name).toBe(false)
    expect(stripped(followed).equals(stripped(bytes))).toBe(true)
  })

  test.for(['jpeg', 'png', 'webp', 'avif', 'apng'] as const)(
    'keeps camera and date where asked to: %s',
    async (format) => {
      const bytes = await pictures[format]({ gps: true })
      const kept = stripped(bytes, true)
      expect(readFacts(kept, inspect(kept, limits))).toEqual({ takenAt: gpsFacts.takenAt, camera: gpsFacts.model })
    },
  )

  test('zeroes the location in a HEIC file too', async () => {
    const bytes = await pictures.heic()
    expect(bytes.includes(secretPlace)).toBe(true)
    expect(stripped(bytes).includes(secretPlace)).toBe(false)
    expect(stripped(bytes)).toHaveLength(bytes.length)
  })

  test('keeps the frames of an animated AVIF where they are', async () => {
    const bytes = await pictures.animatedAvif()
    const after = stripped(bytes)
    expect(after).toHaveLength(bytes.length)
    const from = bytes.indexOf('mdat')
    expect(bytes.subarray(from).equals(after.subarray(from))).toBe(false)
    const frames = (moov: Buffer): Buffer => moov.subarray(moov.indexOf('stbl'), moov.indexOf('stbl') + 100)
    expect(frames(after).equals(frames(bytes))).toBe(true)
  })

  test('never throws anything but an error of ours, whatever the bytes are', () => {
    const damaged = fc.tuple(
      fc.constantFrom(...all.map(([, bytes]) => bytes)),
      fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 255 })), {
        maxLength: 6,
      }),
    )
    fc.assert(
      fc.property(damaged, ([bytes, changes]) => {
        const copy = Buffer.from(bytes)
        for (const [place, value] of changes) copy[Math.floor(place ** 3 * (copy.length - 1))] = value
        try {
          const once = stripped(copy)
          const { format, orientation } = inspect(once, limits)
          expect(stripped(once).equals(once)).toBe(true)
          const told = readExif(containers[format].findExif(once))
          expect(told).toEqual({ orientation: format === 'avif' ? 1 : orientation })
        } catch (error) {
          if (!(error instanceof AppError)) throw error
        }
      }),
      { numRuns: 3000 },
    )
  })
})

import { AppError } from '@imagehost/contract/errors'
import type { ServedFormat } from '@imagehost/contract/formats'
import { inFormat, parseTransform } from '@imagehost/contract/transforms'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allPictures } from '../testing/all-pictures.ts'
import { pictures } from '../testing/pictures.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'
import { transform } from './transform.ts'

const sources = Object.entries({
  ...(await allPictures()),
  'a strip': await pictures.png({ width: 300, height: 2 }),
  'a pixel': await pictures.png({ width: 1, height: 1 }),
  'a moving strip': await pictures.gif({ width: 1, height: 90, frames: 2 }),
})

const side = fc.integer({ min: 1, max: 150 })
const sigma = fc.integer({ min: 30, max: 400 }).map((hundredths) => hundredths / 100)
const asked = fc.record(
  {
    w: side,
    h: side,
    fit: fc.constantFrom('inside', 'outside', 'cover', 'contain', 'fill'),
    crop: fc.tuple(fc.nat(60), fc.nat(60), side, side).map((numbers) => numbers.join(',')),
    gravity: fc.constantFrom('center', 'north', 'southeast', 'entropy', 'attention'),
    q: fc.integer({ min: 1, max: 100 }),
    blur: sigma,
    sharpen: sigma,
    rotate: fc.constantFrom(0, 90, 180, 270),
    flip: fc.constantFrom('h', 'v', 'hv'),
    bg: fc.constantFrom('000', 'ffffff', '12ab9f'),
    trim: fc.integer({ min: 1, max: 255 }),
    enlarge: fc.boolean(),
    gamut: fc.constantFrom('srgb', 'keep'),
  },
  { requiredKeys: [] },
)
const format = fc.constantFrom<ServedFormat>('jpeg', 'png', 'webp', 'avif', 'gif')

test('any transform of any picture makes a picture, no larger than asked, or names what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...sources), asked, format, async ([, bytes], input, to) => {
      const source = inspect(bytes, limits)
      const spec = inFormat(parseTransform(input, 'body'), to)
      const made = await transform(bytes, source, spec).catch((error: unknown) => error)
      if (made instanceof AppError) {
        expect(made).toMatchObject({ code: 'validation', details: { field: 'query.crop' } })
        return
      }
      const { width, height, orientation, ...result } = inspect(made as Buffer, limits)
      expect(result.format).toBe(to)
      expect(orientation).toBe(1)
      if (spec.fit === 'outside') return
      expect(width).toBeLessThanOrEqual(spec.w ?? Number.POSITIVE_INFINITY)
      expect(height).toBeLessThanOrEqual(spec.h ?? Number.POSITIVE_INFINITY)
    }),
    { numRuns: 300 },
  )
}, 120_000)

import { formats, type ServedFormat } from '@imagehost/contract/formats'
import { inFormat } from '@imagehost/contract/transforms'
import { describe, expect, test } from 'vitest'
import { allPictures } from '../testing/all-pictures.ts'
import { pictures } from '../testing/pictures.ts'
import { asStillIfAvif, at, cornerOf, corners, made, type Pixels, pixelsOf } from '../testing/transformed.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'
import { sharp } from './sharp.ts'
import { transform } from './transform.ts'

/** Mean difference of all channels, 0 to 255; transparent pixels have no colour to differ in. */
function distance(one: Pixels, other: Pixels): number {
  expect([one.width, one.height]).toEqual([other.width, other.height])
  let sum = 0
  for (let pixel = 0; pixel < one.data.length; pixel += 4) {
    const [alpha, otherAlpha] = [one.data[pixel + 3]!, other.data[pixel + 3]!]
    sum += Math.abs(alpha - otherAlpha)
    for (let channel = pixel; channel < pixel + 3; channel++)
      sum += Math.abs(one.data[channel]! * alpha - other.data[channel]! * otherAlpha) / 255
  }
  return sum / one.data.length
}

const served = Object.keys(formats).filter((format) => format !== 'heic') as ServedFormat[]
const sizes = { width: 40, height: 40, fit: 'inside' } as const
/** What a format loses by itself on a noisy picture of 40 pixels. */
const losses: Record<ServedFormat, number> = { png: 1, gif: 6, jpeg: 5, webp: 5, avif: 6 }

describe.each(Object.entries(await allPictures()))('%s', (_, bytes) => {
  test.each(served)('is as libvips alone would make it, in %s', async (format) => {
    const result = await made(bytes, 'w=40&h=40&bg=ffffff', format)
    const direct = sharp(asStillIfAvif(bytes), { pages: 1 }).autoOrient().flatten({ background: '#fff' })
    const isDeep = (await direct.metadata()).space === 'rgb16'
    const whole = await (isDeep ? direct.pipelineColourspace('srgb') : direct).png().toBuffer()
    const reference = await pixelsOf(await sharp(whole).resize(sizes).png().toBuffer())
    expect(distance(await pixelsOf(result), reference)).toBeLessThan(losses[format])
    expect(inspect(result, limits)).toMatchObject({ format, orientation: 1 })
  })

  test('is upright, in sRGB and without anything else', async () => {
    for (const format of served) {
      const { exif, xmp, iptc, icc, orientation, space, depth } = await sharp(
        await made(bytes, 'w=30', format),
      ).metadata()
      expect({ exif, xmp, iptc, icc, orientation }).toEqual({})
      expect({ space, depth }).toEqual({ space: 'srgb', depth: 'uchar' })
    }
  })
})

describe.each(corners.map((corner, index) => ({ orientation: index + 1, corner })))(
  'orientation $orientation',
  ({ orientation, corner }) => {
    test.each(['jpeg', 'png', 'webp'] as const)('of %s is obeyed', async (kind) => {
      const bytes = await pictures[kind]({ orientation })
      const isTurned = orientation > 4
      for (const query of ['w=32', 'h=32', 'w=32&crop=0,0,9999,9999', 'w=24&h=24&fit=fill', '']) {
        const result = await made(bytes, query, 'webp')
        expect(await cornerOf(result), query).toBe(corner)
      }
      const { width, height } = inspect(await made(bytes, 'w=24', 'jpeg'), limits)
      expect([width, height]).toEqual(isTurned ? [24, 32] : [24, 18])
    })
  },
)

describe('a verb', () => {
  const picture = pictures.png({ width: 80, height: 60 })

  test.each([
    ['w=40', 40, 30],
    ['h=30', 40, 30],
    ['w=40&h=40', 40, 30],
    ['w=40&h=40&fit=outside', 53, 40],
    ['w=40&h=40&fit=cover', 40, 40],
    ['w=40&h=40&fit=contain', 40, 40],
    ['w=40&h=40&fit=fill', 40, 40],
    ['w=200', 80, 60],
    ['w=200&enlarge=1', 200, 150],
    ['w=200&h=20&fit=fill', 80, 20],
    ['crop=10,10,20,30', 20, 30],
    ['crop=70,50,20,30', 10, 10],
    ['crop=0,0,40,30&w=20', 20, 15],
    ['rotate=90', 60, 80],
    ['rotate=90&w=30', 30, 40],
    ['rotate=90&crop=50,0,99,99', 10, 80],
    ['rotate=180&w=40', 40, 30],
    ['w=20&dpr=2', 40, 30],
    ['flip=h&w=40', 40, 30],
    ['blur=2&w=40', 40, 30],
    ['sharpen=1&w=40', 40, 30],
  ])('%s makes %i × %i', async (query, width, height) => {
    expect(inspect(await made(await picture, query), limits)).toMatchObject({ width, height })
  })

  test.each([
    ['rotate=90', 'right top'],
    ['rotate=180', 'right bottom'],
    ['rotate=270', 'left bottom'],
    ['flip=h', 'right top'],
    ['flip=v', 'left bottom'],
    ['flip=hv', 'right bottom'],
    // Turned first, mirrored then.
    ['rotate=90&flip=h', 'left top'],
    ['rotate=90&flip=v', 'right bottom'],
    ['rotate=270&flip=h', 'right bottom'],
  ])('%s brings the square to the %s', async (query, corner) => {
    expect(await cornerOf(await made(await picture, query))).toBe(corner)
    expect(await cornerOf(await made(await picture, `${query}&w=60&h=60&fit=fill`))).toBe(corner)
  })

  test('a crop that begins outside is refused by name, also of what trimming left', async () => {
    const refusal = { code: 'validation', details: { field: 'query.crop' } }
    await expect(made(await picture, 'crop=80,0,1,1')).rejects.toMatchObject(refusal)
    await expect(made(await picture, 'rotate=90&crop=60,0,1,1')).rejects.toMatchObject(refusal)
    await expect(made(await framed(), 'trim=10&crop=25,0,1,1')).rejects.toMatchObject(refusal)
  })

  test('gravity says what cover keeps', async () => {
    const kept = async (gravity: string) =>
      cornerOf(await made(await picture, `w=15&h=60&fit=cover&gravity=${gravity}`))
    expect(await kept('west')).toContain('left top')
    expect(await kept('northwest')).toContain('left top')
    expect(await kept('east')).toBe('')
    for (const gravity of ['entropy', 'attention']) {
      const result = await made(await picture, `w=15&h=60&fit=cover&gravity=${gravity}`)
      expect(inspect(result, limits)).toMatchObject({ width: 15, height: 60 })
    }
  })

  test('gravity and bg say where contain puts the picture, and what is around it', async () => {
    const query = 'w=80&h=80&fit=contain&gravity=north'
    expect(at(await pixelsOf(await made(await picture, query)), 40, 70)).toEqual([0, 0, 0, 0])
    expect(at(await pixelsOf(await made(await picture, `${query}&bg=0f0`)), 40, 70)).toEqual([0, 255, 0, 255])
    expect(at(await pixelsOf(await made(await picture, query, 'jpeg')), 40, 75)).toEqual([255, 255, 255, 255])
  })

  test('trim takes the edges away', async () => {
    expect(inspect(await made(await framed(), 'trim=10'), limits)).toMatchObject({ width: 20, height: 10 })
    expect(inspect(await made(await framed(), 'trim=10&crop=5,0,99,99&w=5'), limits)).toMatchObject({
      width: 5,
      height: 3,
    })
  })

  test('blur softens and sharpen does not', async () => {
    const spread = async (query: string) => (await sharp(await made(await picture, query)).stats()).channels[0]!.stdev
    expect(await spread('blur=8')).toBeLessThan((await spread('')) - 5)
    expect(await spread('sharpen=2')).toBeGreaterThanOrEqual(await spread(''))
  })

  test('less quality makes fewer bytes', async () => {
    for (const format of ['jpeg', 'webp', 'avif'] as const)
      expect((await made(await picture, 'q=20', format)).length).toBeLessThan(
        (await made(await picture, 'q=95', format)).length,
      )
  })
})

/** 20 × 10 red pixels in a white frame. */
const framed = () =>
  sharp({ create: { width: 20, height: 10, channels: 3, background: 'red' } })
    .extend({ top: 7, bottom: 5, left: 6, right: 8, background: 'white' })
    .png()
    .toBuffer()

describe('alpha', () => {
  test('is kept where the format has it, as far as it can', async () => {
    const picture = await pictures.png({ alpha: true })
    const before = await pixelsOf(picture)
    for (const format of ['png', 'webp', 'avif'] as const)
      expect(
        Math.abs(at(await pixelsOf(await made(picture, '', format)), 50, 40)[3]! - at(before, 50, 40)[3]!),
      ).toBeLessThan(9)
    const gif = await made(await transparentSquare(), '', 'gif')
    expect(at(await pixelsOf(gif), 2, 2)[3]).toBe(0)
  })

  test('lies on bg, or on white where the format has none', async () => {
    const picture = await transparentSquare()
    expect(at(await pixelsOf(await made(picture, 'q=100', 'jpeg')), 2, 2)).toEqual([255, 255, 255, 255])
    for (const format of served)
      expect(
        at(await pixelsOf(await made(picture, 'bg=0000ff&q=100', format)), 2, 2).map((value) => Math.round(value / 20)),
      ).toEqual([0, 0, 13, 13])
  })
})

const transparentSquare = () =>
  sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } } })
    .extend({ right: 8, background: 'red' })
    .png()
    .toBuffer()

describe('colours', () => {
  test.each([8, 16] as const)('of P3 in %i bits become those of sRGB', async (bits) => {
    const plain = await pixelsOf(await pictures.png({ bits: 8 }))
    const wide = await pictures.png({ bits, profile: 'p3' })
    for (const query of ['', 'rotate=180&flip=hv'])
      expect(distance(await pixelsOf(await made(wide, query)), plain)).toBeLessThan(1)
  })

  test('of P3 stay, with their profile, where they are to be kept', async () => {
    for (const format of ['avif', 'webp', 'png', 'jpeg'] as const) {
      for (const bits of [8, 16] as const) {
        const result = await made(await pictures.png({ bits, profile: 'p3' }), 'gamut=keep', format)
        expect((await sharp(result).metadata()).icc).toBeDefined()
        const plain = await pixelsOf(await pictures.png({ bits: 8 }))
        expect(distance(await pixelsOf(result), plain)).toBeLessThan(losses[format])
      }
    }
  })

  test('of inks and greys have no profile that could be kept', async () => {
    for (const bytes of [await pictures.jpeg({ profile: 'cmyk' }), await pictures.jpeg({ grey: true })])
      expect((await sharp(await made(bytes, 'gamut=keep', 'webp')).metadata()).icc).toBeUndefined()
  })
})

test('what a format cannot hold is refused as that, and a strip is not enlarged without end', async () => {
  const strip = await sharp({ create: { width: 16_384, height: 2, channels: 3, background: 'red' } })
    .png()
    .toBuffer()
  await expect(made(strip, '', 'webp')).rejects.toMatchObject({ code: 'image_too_complex', details: { limit: 'side' } })
  expect(inspect(await made(strip, 'w=8000', 'webp'), limits)).toMatchObject({ width: 8000, height: 1 })
  expect(inspect(await made(strip, 'h=200&enlarge=1', 'jpeg'), limits)).toMatchObject({ width: 8192, height: 1 })
})

test('a file that is damaged is refused as that', async () => {
  const bytes = await pictures.jpeg({ width: 300, height: 300 })
  const inspection = inspect(bytes, limits)
  await expect(
    transform(bytes.subarray(0, bytes.length / 2), inspection, inFormat({ w: 10 }, 'webp')),
  ).rejects.toMatchObject({ code: 'image_corrupt' })
})

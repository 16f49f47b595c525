import fc from 'fast-check'
import { rgbaToThumbHash } from 'thumbhash'
import { expect, test } from 'vitest'
import { thumbHash } from './thumb-hash.ts'

const side = fc.integer({ min: 1, max: 32 })

test('is that of the reference for any picture', () => {
  const picture = fc
    .tuple(side, side, fc.boolean(), fc.integer({ min: 1, max: 255 }))
    .chain(([width, height, isOpaque, most]) =>
      fc.uint8Array({ minLength: 4 * width * height, maxLength: 4 * width * height, max: most }).map((values) => {
        const rgba = Buffer.from(values)
        if (isOpaque) for (let at = 3; at < rgba.length; at += 4) rgba[at] = 255
        return { width, height, rgba }
      }),
    )
  fc.assert(
    fc.property(picture, ({ width, height, rgba }) => {
      expect(thumbHash({ width, height, rgba })).toEqual(Buffer.from(rgbaToThumbHash(width, height, rgba)))
    }),
  )
})

test.each([
  ['of one colour', [10, 200, 30, 255]],
  ['of nothing', [0, 0, 0, 0]],
])('is that of the reference for a picture %s', (_, pixel) => {
  const rgba = Buffer.from(Array.from({ length: 32 * 24 }, () => pixel).flat())
  expect(thumbHash({ width: 32, height: 24, rgba })).toEqual(Buffer.from(rgbaToThumbHash(32, 24, rgba)))
})

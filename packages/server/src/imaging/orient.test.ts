import { expect, test } from 'vitest'
import { orient } from './orient.ts'
import { sharp } from './sharp.ts'

test.for([1, 2, 3, 4, 5, 6, 7, 8])('turns as sharp does for orientation %i', async (orientation) => {
  const [width, height] = [5, 3]
  const rgba = Buffer.from(
    Array.from({ length: width * height }, (_, index) => [index * 10, 0, 255 - index, 255]).flat(),
  )
  const png = await sharp(rgba, { raw: { width, height, channels: 4 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer()
  const turned = await sharp(png).autoOrient().raw().toBuffer({ resolveWithObject: true })
  const ours = orient({ width, height, rgba }, orientation)
  expect(ours).toMatchObject({ width: turned.info.width, height: turned.info.height })
  expect(ours.rgba.equals(turned.data)).toBe(true)
})

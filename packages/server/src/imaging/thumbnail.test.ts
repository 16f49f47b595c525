import { expect, test } from 'vitest'
import { inspect, defaultImageLimits as limits } from './inspect.ts'
import { sharp } from './sharp.ts'
import { thumbnailOf } from './thumbnail.ts'

/** A picture of 64 × 64 whose pixels are these two in turn. */
function stripes(even: readonly number[], odd: readonly number[]) {
  const channels = even.length as 1 | 2 | 4
  const data = Buffer.from(Array.from({ length: 64 * 32 }, () => [...even, ...odd]).flat())
  return sharp(data, { raw: { width: 64, height: 64, channels } })
}

async function pixelInTheMiddle(bytes: Buffer): Promise<number[]> {
  const { width, height, rgba } = await thumbnailOf(bytes, inspect(bytes, limits))
  expect(rgba).toHaveLength(4 * width * height)
  const at = 4 * ((height / 2) * width + width / 2)
  return [...rgba.subarray(at, at + 4)]
}

test('lets what is transparent lend no colour', async () => {
  const [red, , blue, alpha] = await pixelInTheMiddle(await stripes([255, 0, 0, 0], [0, 0, 200, 255]).png().toBuffer())
  expect(red).toBeLessThan(3)
  expect(blue).toBeGreaterThan(197)
  expect(alpha).toBeOneOf([127, 128])
})

test('tells grey and grey with alpha as red, green, blue and alpha', async () => {
  const grey = await stripes([70], [70]).toColourspace('b-w').png().toBuffer()
  expect(await pixelInTheMiddle(grey)).toEqual([70, 70, 70, 255])
  const pale = await stripes([70, 51], [70, 51]).toColourspace('b-w').png().toBuffer()
  expect(await pixelInTheMiddle(pale)).toEqual([70, 70, 70, 51])
})

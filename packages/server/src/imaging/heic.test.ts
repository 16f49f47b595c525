import { expect, test } from 'vitest'
import { pictures, secretPlace } from '../testing/pictures.ts'
import { heicToJpeg } from './heic.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'
import { sharp } from './sharp.ts'

const convert = (bytes: Buffer, options: { timeoutMs?: number; signal?: AbortSignal } = {}): Promise<Buffer> =>
  heicToJpeg(bytes, { limits, inspection: inspect(bytes, limits), ...options })

async function pixelAt(jpeg: Buffer, left: number, top: number): Promise<number[]> {
  return [...(await sharp(jpeg).extract({ left, top, width: 1, height: 1 }).raw().toBuffer())]
}

test('makes a JPEG of the same size and colours, without metadata', async () => {
  const jpeg = await convert(await pictures.heic())
  expect(inspect(jpeg, limits)).toMatchObject({ format: 'jpeg', width: 64, height: 48, orientation: 1 })
  expect(jpeg.includes(secretPlace)).toBe(false)
  expect(jpeg.includes('Exif')).toBe(false)
  const [red, green] = await pixelAt(jpeg, 4, 4)
  expect(red).toBeGreaterThan(220)
  expect(green).toBeLessThan(50)
})

test('turns the picture once, as its container tells: by 90° against the clock', async () => {
  const jpeg = await convert(await pictures.heic('turned'))
  expect(inspect(jpeg, limits)).toMatchObject({ width: 48, height: 64, orientation: 1 })
  const [red, green] = await pixelAt(jpeg, 4, 59)
  expect(red).toBeGreaterThan(220)
  expect(green).toBeLessThan(50)
})

test('keeps the colour profile', async () => {
  const { icc } = await sharp(await convert(await pictures.heic('p3'))).metadata()
  expect(icc).toEqual((await sharp(await pictures.jpeg({ profile: 'p3' })).metadata()).icc)
})

test('gives Display P3 its profile where the file tells it by numbers only', async () => {
  const bytes = await pictures.heic('p3')
  const at = bytes.indexOf('colrprof') + 4
  Buffer.from('nclx\0\x0c\0\x0d\0\x06\x80', 'latin1').copy(bytes, at)
  const { icc } = await sharp(await convert(bytes)).metadata()
  expect(icc).toEqual((await sharp(await pictures.jpeg({ profile: 'p3' })).metadata()).icc)
})

test('refuses what libheif cannot decode', async () => {
  const bytes = await pictures.heic()
  const configuration = bytes.indexOf('hvcC')
  bytes.fill(0xff, configuration + 60, configuration + 100)
  const { width, height } = inspect(await pictures.heic(), limits)
  const inspection = { ...inspect(await pictures.heic(), limits), width, height }
  await expect(heicToJpeg(bytes, { limits, inspection })).rejects.toMatchObject({ code: 'image_corrupt' })
})

test('ends the thread when the time is over', async () => {
  await expect(convert(await pictures.heic(), { timeoutMs: 1 })).rejects.toMatchObject({
    code: 'image_too_complex',
    details: { limit: 'milliseconds', max: 1 },
  })
})

test('ends the thread when the caller gives up', async () => {
  const caller = new AbortController()
  const conversion = convert(await pictures.heic(), { signal: caller.signal })
  caller.abort(new Error('gone'))
  await expect(conversion).rejects.toThrow('gone')
})

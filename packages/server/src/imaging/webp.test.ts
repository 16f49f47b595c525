import { expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { sharp } from './sharp.ts'
import { stillsOf, webp } from './webp.ts'

test('drops chunks that nobody knows, also within frames, and tells the right length', async () => {
  const bytes = webp.strip(await pictures.webp({ frames: 2 }), undefined)
  const chunk = Buffer.from('NOTE\x06\0\0\0secret', 'latin1')
  const frame = bytes.indexOf('ANMF')
  const frameEnd = frame + 8 + bytes.readUInt32LE(frame + 4)
  const noted = Buffer.concat([bytes.subarray(0, frameEnd), chunk, bytes.subarray(frameEnd), chunk])
  noted.writeUInt32LE(noted.readUInt32LE(frame + 4) + chunk.length, frame + 4)
  noted.writeUInt32LE(noted.length - 8, 4)
  expect(webp.strip(noted, undefined)).toEqual(bytes)
  expect(bytes.readUInt32LE(4)).toBe(bytes.length - 8)
})

test('tells in its header what it holds: no XMP ever, EXIF where orientation needs it', async () => {
  const flagsOf = (bytes: Buffer): number => bytes[bytes.indexOf('VP8X') + 8]! & 0x0c
  const bytes = await pictures.webp({ gps: true })
  expect(flagsOf(bytes)).toBe(0x0c)
  expect(flagsOf(webp.strip(bytes, undefined))).toBe(0)
  expect(flagsOf(webp.strip(bytes, Buffer.alloc(26)))).toBe(0x08)
})

test('takes an animation apart into stills that decode', async () => {
  const stills = [...stillsOf(await pictures.webp({ frames: 3, alpha: true }))]
  expect(stills).toHaveLength(3)
  for (const still of stills)
    expect((await sharp(still).raw().toBuffer({ resolveWithObject: true })).info.channels).toBe(4)
})

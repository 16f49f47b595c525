import { expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { hiddenFrames } from './apng.ts'
import { chunkOf, png } from './png.ts'
import { sharp } from './sharp.ts'

const behindHeader = (bytes: Buffer, ...chunks: Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, 33), ...chunks, bytes.subarray(33)])

test('drops texts, times and private chunks', async () => {
  const bytes = await pictures.png()
  for (const type of ['tEXt', 'zTXt', 'iTXt', 'tIME', 'eXIf', 'sPLT', 'iDOT', 'caBX', 'zxIf']) {
    expect(png.strip(behindHeader(bytes, chunkOf(type, Buffer.from('Secret Street 1'))), undefined), type).toEqual(
      bytes,
    )
  }
})

test('keeps what the colours depend on', async () => {
  const bytes = await pictures.png()
  for (const type of ['gAMA', 'cHRM', 'sRGB', 'sBIT', 'pHYs', 'cICP', 'mDCV', 'cLLI', 'tRNS', 'bKGD']) {
    const dressed = behindHeader(bytes, chunkOf(type, Buffer.alloc(4)))
    expect(png.strip(dressed, undefined), type).toEqual(dressed)
  }
})

test('refuses a critical chunk that it does not know', async () => {
  const bytes = behindHeader(await pictures.png(), chunkOf('CgBI', Buffer.alloc(4)))
  expect(() => png.describe(bytes)).toThrow(expect.objectContaining({ code: 'image_corrupt' }))
})

test('takes an animation apart into stills that decode', async () => {
  const stills = [...hiddenFrames(await pictures.apng({ frames: 4 }))]
  expect(stills).toHaveLength(3)
  for (const still of stills) expect((await sharp(still).raw().toBuffer()).length).toBe(64 * 48 * 4)
})

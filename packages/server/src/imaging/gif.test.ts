import { expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { gif } from './gif.ts'
import { sharp } from './sharp.ts'

const extension = (label: number, ...blocks: string[]): Buffer =>
  Buffer.concat([
    Buffer.from([0x21, label]),
    ...blocks.map((block) => Buffer.concat([Buffer.from([block.length]), Buffer.from(block, 'latin1')])),
    Buffer.from([0]),
  ])

async function withExtension(...parts: Buffer[]): Promise<Buffer> {
  const bytes = gif.strip(await pictures.gif({ frames: 2 }), undefined)
  // Behind the screen and its colours.
  const at = 13 + (bytes[10]! & 0x80 ? 3 * 2 ** ((bytes[10]! & 7) + 1) : 0)
  return Buffer.concat([bytes.subarray(0, at), ...parts, bytes.subarray(at)])
}

test('drops comments, plain text, XMP and what applications left', async () => {
  const clean = await withExtension()
  const parts = [
    extension(0xfe, 'made in Secret Street 1'),
    extension(0x01, '\0\0\0\0\x08\0\x08\0\x08\x08\0\x01', 'text'),
    extension(0xff, 'XMP DataXMP', '<x:xmpmeta/>'),
    extension(0xff, 'ICCRGBG1012', 'profile'),
  ]
  for (const part of parts) expect(gif.strip(await withExtension(part), undefined)).toEqual(clean)
})

test('keeps the number of loops, and nothing that hides behind it', async () => {
  const loops = extension(0xff, 'NETSCAPE2.0', '\x01\x05\0')
  const hiding = extension(0xff, 'NETSCAPE2.0', '\x01\x05\0', 'Secret Street 1')
  expect(gif.strip(await withExtension(hiding), undefined)).toEqual(await withExtension(loops))
})

test('keeps the timing of the frames', async () => {
  expect((await sharp(await withExtension()).metadata()).delay).toEqual([100, 100])
})

test('counts a frame that is larger than the screen, as browsers enlarge it', async () => {
  const bytes = await pictures.gif()
  bytes.writeUInt16LE(5, 6)
  expect(gif.describe(bytes)).toMatchObject({ width: 64, height: 48 })
})

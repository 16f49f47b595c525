import { expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { jpeg, segmentOf } from './jpeg.ts'
import { withProfile } from './jpeg-profile.ts'
import { sharp } from './sharp.ts'

const withSegments = (bytes: Buffer, ...segments: Buffer[]): Buffer =>
  Buffer.concat([bytes.subarray(0, 2), ...segments, bytes.subarray(2)])

test('drops comments, IPTC, XMP, every application segment but the colours, and what decoders pass over', async () => {
  const bytes = await pictures.jpeg()
  const clean = jpeg.strip(bytes, undefined)
  for (const marker of [0xcc, 0xdc, 0xe1, 0xe2, 0xe3, 0xeb, 0xed, 0xef, 0xfe]) {
    expect(jpeg.strip(withSegments(bytes, segmentOf(marker, Buffer.from('Photoshop 3.0\0'))), undefined)).toEqual(clean)
  }
})

test('keeps the note that tells the colours of Adobe files, and no more than that', async () => {
  const bytes = await pictures.jpeg()
  const note = Buffer.from('Adobe\0\x64\0\0\0\0\x01', 'latin1')
  const kept = jpeg.strip(withSegments(bytes, segmentOf(0xee, note, Buffer.from('secret'))), undefined)
  expect(kept.includes(segmentOf(0xee, note))).toBe(true)
  expect(kept.includes('secret')).toBe(false)
})

test('drops the thumbnail in the JFIF header, and the headers that repeat it', async () => {
  const bytes = await pictures.jpeg()
  expect(bytes.includes('JFIF')).toBe(false)
  const header = segmentOf(0xe0, Buffer.from('JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01red', 'latin1'))
  const stripped = jpeg.strip(withSegments(bytes, header, header), undefined)
  expect(stripped).toEqual(
    withSegments(bytes, segmentOf(0xe0, Buffer.from('JFIF\0\x01\x02\0\0\x01\0\x01\0\0', 'latin1'))),
  )
})

test('is not misled by the end of a thumbnail within EXIF', async () => {
  const bytes = await pictures.jpeg()
  const thumbnail = Buffer.concat([
    Buffer.from('Exif\0\0II*\0', 'latin1'),
    await pictures.jpeg({ width: 8, height: 8 }),
  ])
  expect(jpeg.strip(withSegments(bytes, segmentOf(0xe1, thumbnail)), undefined)).toEqual(bytes)
})

test('finds the end behind restart markers and fill bytes', async () => {
  const bytes = await pictures.jpeg()
  const scanEnd = bytes.length - 2
  const odd = Buffer.concat([bytes.subarray(0, scanEnd), Buffer.from('ffd0ff00ffffffd9', 'hex'), Buffer.from('behind')])
  expect(jpeg.strip(odd, undefined).subarray(scanEnd).toString('hex')).toBe('ffd0ff00ffffffd9')
})

test('refuses two pictures in one, as where the end of the first is damaged', async () => {
  const bytes = await pictures.jpegWithTrailer()
  const end = bytes.indexOf(Buffer.from('ffd9ffd8', 'hex'))
  bytes[end + 1] = 0
  expect(() => jpeg.describe(bytes)).toThrow(expect.objectContaining({ code: 'image_corrupt' }))
})

test('takes a colour profile larger than one segment', async () => {
  const icc = (await sharp(await pictures.jpeg({ profile: 'cmyk' })).metadata()).icc!
  expect(icc.length).toBeGreaterThan(0x10000)
  const dressed = await withProfile(await pictures.jpeg(), icc)
  expect((await sharp(dressed).metadata()).icc).toEqual(icc)
  expect(jpeg.strip(dressed, undefined)).toEqual(dressed)
})

test('takes the P3 profile by name', async () => {
  const { icc } = await sharp(await withProfile(await pictures.jpeg(), 'p3')).metadata()
  expect(icc).toEqual((await sharp(await pictures.jpeg({ profile: 'p3' })).metadata()).icc)
})

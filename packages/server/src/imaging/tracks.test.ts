import { expect, test } from 'vitest'
import { pictures } from '../testing/pictures.ts'
import { readTracks } from './tracks.ts'

const refused = expect.objectContaining({ code: 'image_corrupt' })

test('finds the frames and where they lie', async () => {
  const bytes = await pictures.animatedAvif()
  const tracks = readTracks(bytes)
  expect(tracks.length).toBeGreaterThan(0)
  for (const { samples, extents } of tracks) {
    expect(samples).toBe(3)
    for (const { from, to } of extents) expect(from > bytes.indexOf('mdat') && to <= bytes.length).toBe(true)
  }
})

test('refuses frames outside the file, frames without a place, and more than any film has', async () => {
  const bytes = await pictures.animatedAvif()
  const changed = (box: string, offset: number, value: number): Buffer => {
    const copy = Buffer.from(bytes)
    copy.writeUInt32BE(value, copy.indexOf(box) + 4 + offset)
    return copy
  }
  expect(() => readTracks(changed('stco', 8, 0x7fffffff))).toThrow(refused)
  expect(() => readTracks(changed('stco', 4, 0))).toThrow(refused)
  expect(() => readTracks(changed('stsz', 8, 0x7fffffff))).toThrow(refused)
})

test('has nothing to say about stills', async () => {
  expect(readTracks(await pictures.avif())).toEqual([])
})

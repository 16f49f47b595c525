import { expect, test } from 'vitest'
import { gpsFacts, pictures } from '../testing/pictures.ts'
import { readFacts } from './exif.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'

const factsOf = (bytes: Buffer) => readFacts(bytes, inspect(bytes, limits))

test.for(['jpeg', 'png', 'apng', 'webp', 'avif', 'jpegWithGps'] as const)('reads time and camera: %s', async (kind) => {
  expect(factsOf(await pictures[kind]({ gps: true }))).toEqual({ takenAt: gpsFacts.takenAt, camera: gpsFacts.model })
})

test('reads time and camera of HEIC and of an animated AVIF', async () => {
  const expected = { takenAt: gpsFacts.takenAt, camera: gpsFacts.model }
  expect(factsOf(await pictures.heic())).toEqual(expected)
  expect(factsOf(await pictures.animatedAvif())).toEqual(expected)
})

test('finds nothing where nothing is told', async () => {
  for (const bytes of [await pictures.jpeg(), await pictures.gif(), await pictures.webp(), await pictures.avif()]) {
    expect(factsOf(bytes)).toEqual({})
  }
})

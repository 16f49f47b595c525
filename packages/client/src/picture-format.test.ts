import { expect, test } from 'vitest'
import { notPictures } from '../../server/src/testing/hostile-pictures.ts'
import { pictures } from '../../server/src/testing/pictures.ts'
import { formatOf } from './picture-format.ts'

test.each(['jpeg', 'png', 'apng', 'gif', 'webp', 'avif', 'animatedAvif', 'heic'] as const)(
  '%s is told by its first bytes',
  async (name) => {
    const format = { apng: 'png', animatedAvif: 'avif' }[name as string] ?? name
    expect(formatOf(await pictures[name]())).toBe(format)
  },
)

test('what is no picture is none, however short', () => {
  for (const bytes of [
    ...Object.values(notPictures),
    Buffer.alloc(0),
    Buffer.from('ftyp'),
    Buffer.from('\0\0\0\x18ftyp'),
  ])
    expect(formatOf(bytes)).toBeUndefined()
})

import { describe, expect, test } from 'vitest'
import { placedApng } from '../testing/apng.ts'
import { pictures } from '../testing/pictures.ts'
import { at, cornerOf, corners, made, pixelsOf } from '../testing/transformed.ts'
import { inspect, defaultImageLimits as limits } from './inspect.ts'
import { sharp } from './sharp.ts'

describe.each(['gif', 'webp', 'apng'] as const)('an animated %s', (kind) => {
  const animation = pictures[kind]({ width: 80, height: 60, frames: 3 })
  /** What tells the frames apart is their blue, below the square. */
  const blues = async (bytes: Buffer) =>
    Promise.all(
      [0, 1, 2].map(async (page) => {
        const frame = await pixelsOf(bytes, page)
        return at(frame, Math.floor(frame.width / 2), Math.floor(frame.height / 2))[2]!
      }),
    )

  test.each([
    ['w=40', 40, 30],
    ['w=40&h=40&fit=cover&gravity=attention', 40, 40],
    ['w=40&h=40&fit=contain', 40, 40],
    ['crop=20,10,40,40&w=20', 20, 20],
    ['rotate=90', 60, 80],
    ['rotate=90&w=30', 30, 40],
    ['rotate=180', 80, 60],
    ['flip=h', 80, 60],
    ['flip=v&w=40', 40, 30],
    ['blur=1&w=40', 40, 30],
    ['sharpen=1&w=40', 40, 30],
    ['bg=f00', 80, 60],
  ])('moves on after %s', async (query, width, height) => {
    for (const format of ['webp', 'gif'] as const) {
      const result = await made(await animation, query, format)
      expect(inspect(result, limits)).toMatchObject({ format, frames: 3, width, height })
      const { delay, loop } = await sharp(result, { pages: -1 }).metadata()
      expect({ delay, loop }).toEqual({ delay: [100, 100, 100], loop: 0 })
      const [first, second, third] = await blues(result)
      expect(Math.min(second! - first!, third! - second!)).toBeGreaterThan(20)
    }
  })

  test('turns every frame by itself', async () => {
    const result = await made(await animation, 'rotate=180&w=40', 'webp')
    for (const page of [0, 1, 2]) {
      const frame = await pixelsOf(result, page)
      expect(at(frame, 37, 27)[0]).toBeGreaterThan(225)
      expect(at(frame, 2, 2)[0]).toBeLessThan(225)
    }
  })

  test('is trimmed in all frames alike, by the first', async () => {
    const bytes = await made(
      await animation,
      'w=100&h=100&fit=contain&bg=fff&enlarge=1',
      kind === 'gif' ? 'gif' : 'webp',
    )
    const result = await made(bytes, 'trim=30', 'webp')
    const { width, height, frames } = inspect(result, limits)
    expect(frames).toBe(3)
    expect(width).toBe(100)
    expect(Math.abs(height - 75)).toBeLessThan(4)
    expect(inspect(await made(bytes, 'trim=30&crop=10,10,20,20'), limits)).toMatchObject({ width: 20, height: 20 })
  })

  test('shows its first frame in formats that stand still', async () => {
    for (const format of ['jpeg', 'png', 'avif'] as const)
      expect(inspect(await made(await animation, 'w=40', format), limits)).toMatchObject({
        format,
        frames: 1,
        height: 30,
      })
  })
})

test.each(['webp', 'apng'] as const)('an animated %s that was held askew is upright in all frames', async (kind) => {
  for (const [at, corner] of corners.entries()) {
    const result = await made(await pictures[kind]({ frames: 3, orientation: at + 1 }), 'w=48&h=48', 'webp')
    expect(inspect(result, limits)).toMatchObject({ frames: 3, ...(at < 4 ? { width: 48 } : { height: 48 }) })
    expect(await cornerOf(result)).toBe(corner)
  }
})

describe('frames of an animated PNG', () => {
  const plain = (width: number, height: number, background: string) =>
    sharp({ create: { width, height, channels: 4, background } })
      .png()
      .toBuffer()
  /** Nothing, and a white edge so that encoders don't take two frames for one. */
  const edged = async () =>
    sharp(await plain(3, 4, 'transparent'))
      .extend({ right: 1, background: 'white' })
      .png()
      .toBuffer()
  const colors = async (bytes: Buffer, page: number) => {
    const frame = await pixelsOf(bytes, page)
    return [at(frame, 1, 1), at(frame, 6, 6)].map((pixel) =>
      pixel[3] === 0 ? none : pixel.map((value) => (value > 127 ? 1 : 0)).join(''),
    )
  }
  const [red, green, blue, none] = ['1001', '0101', '0011', '0000']

  test.each([
    ['nothing', 'source', [green, red], [none, red]],
    ['nothing', 'over', [green, red], [green, red]],
    ['background', 'source', [green, red], [none, red]],
    ['background', 'over', [green, red], [none, red]],
    ['previous', 'source', [green, red], [none, red]],
    ['previous', 'over', [green, red], [red, red]],
  ] as const)('leave %s behind, and the next comes by %s', async (dispose, blend, second, third) => {
    const bytes = placedApng([
      { png: await plain(8, 8, 'red'), width: 8, height: 8, dispose: 'nothing', blend: 'source' },
      { png: await plain(4, 4, 'lime'), width: 4, height: 4, dispose, blend: 'source' },
      { png: await edged(), width: 4, height: 4, dispose: 'nothing', blend },
      { png: await plain(8, 8, 'blue'), width: 8, height: 8, dispose: 'nothing', blend: 'source' },
    ])
    const result = await made(bytes, 'q=100', 'webp')
    expect(inspect(result, limits)).toMatchObject({ frames: 4, width: 8, height: 8 })
    expect(await colors(result, 0)).toEqual([red, red])
    expect(await colors(result, 1)).toEqual(second)
    expect(await colors(result, 2)).toEqual(third)
    expect(await colors(result, 3)).toEqual([blue, blue])
  })
})

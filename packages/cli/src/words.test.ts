import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'
import { UsageError } from './faults.ts'
import { imageId } from './image-id.ts'
import { inOrder } from './in-order.ts'
import { sizeText } from './sizes.ts'
import { visible } from './table.ts'

test.each([
  ['30m', 1800],
  ['12h', 43_200],
  ['7d', 604_800],
  ['2w', 1_209_600],
  ['1y', 31_536_000],
])('%s is %d seconds', (text, seconds) => expect(parseDuration(text)).toBe(seconds))

test.each(['7', '0d', '-1d', '1.5h', 'd', '7 d', ''])('%s is no time', (text) =>
  expect(() => parseDuration(text)).toThrow(UsageError),
)

test('the id is found in every address that leads to an image', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^img_[A-Za-z0-9]{1,16}$/), (id) => {
      const ways = [id, `https://a.test/i/${id}.jpg`, `https://a.test/i/${id}`, `http://a.test:8000/v/${id}`]
      const more = [
        `https://a.test/i/${id}.png?preset=thumb`,
        `https://a.test/api/v1/image/${id}/info`,
        `https://a.test/v/${id}#x`,
      ]
      for (const way of [...ways, ...more]) expect(imageId(way)).toBe(id)
    }),
  )
})

test.each(['cat.jpg', '', 'https://a.test/', 'img_', 'ximg_a'])('%s is no image', (word) =>
  expect(() => imageId(word)).toThrow(UsageError),
)

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [123_456, '123 kB'],
  [2_500_000, '2.5 MB'],
  [3e15, '3000 TB'],
])('%d bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text))

test('nothing that is shown commands the terminal', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Cf}]/u.test(visible(text))))
})

test('results are handed on in order, each as soon as it can be, whatever ends first', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(5), { maxLength: 12 }), fc.integer({ min: 1, max: 5 }), async (turns, most) => {
      const handed: number[] = []
      let running = 0
      const work = async (count: number, index: number) => {
        expect(++running).toBeLessThanOrEqual(most)
        for (let turn = 0; turn < count; turn++) await new Promise(setImmediate)
        running--
        return index
      }
      await inOrder(turns, most, work, (index) => handed.push(index))
      expect(handed).toEqual(turns.map((_, index) => index))
    }),
    { numRuns: 50 },
  )
})

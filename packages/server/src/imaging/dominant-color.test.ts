import { expect, test } from 'vitest'
import { dominantColor } from './dominant-color.ts'

const pixels = (...colors: [number, number, number, number][]): Buffer => Buffer.from(colors.flat())

test('tells the colour of most pixels, not the mean of all', () => {
  expect(dominantColor(pixels([255, 0, 0, 255], [251, 2, 4, 255], [0, 0, 255, 255]))).toBe('#fd0102')
})

test('does not count what is transparent', () => {
  expect(dominantColor(pixels([9, 9, 9, 0], [9, 9, 9, 10], [0, 128, 0, 255]))).toBe('#008000')
  expect(dominantColor(pixels([9, 9, 9, 0]))).toBe('#000000')
})

import { expect, test } from 'vitest'
import { sample } from './sample.ts'

test('gives each pixel the mean of its area', () => {
  const data = Buffer.from([0, 100, 10, 30, 200, 100, 20, 40])
  expect([...sample({ data, width: 4, height: 2, channels: 1 }, 2, 1).rgba]).toEqual([
    100, 100, 100, 255, 25, 25, 25, 255,
  ])
})

test('lets what is transparent lend no colour', () => {
  const data = Buffer.from([255, 0, 0, 0, 0, 0, 200, 255])
  expect([...sample({ data, width: 2, height: 1, channels: 4 }, 1, 1).rgba]).toEqual([0, 0, 200, 128])
})

test('reads grey with alpha', () => {
  expect([...sample({ data: Buffer.from([70, 51]), width: 1, height: 1, channels: 2 }, 1, 1).rgba]).toEqual([
    70, 70, 70, 51,
  ])
})

test('copies where there is nothing to shrink, and repeats where it is to grow', () => {
  const raw = { data: Buffer.from([1, 2, 3, 4, 5, 6]), width: 2, height: 1, channels: 3 }
  expect([...sample(raw, 2, 1).rgba]).toEqual([1, 2, 3, 255, 4, 5, 6, 255])
  expect(sample(raw, 4, 2).rgba).toHaveLength(32)
})

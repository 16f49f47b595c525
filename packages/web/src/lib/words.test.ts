import { expect, test } from 'vitest'
import { say } from './words.ts'

test.each([
  ['0', '0 pictures'],
  ['1', '1 picture'],
  ['2', '2 pictures'],
  ['1,001', '1,001 pictures'],
])('the form of a word goes with its number: %s', (count, sentence) => {
  expect(say('gallery.count', { count })).toBe(sentence)
})

test('names stand in a sentence as they are', () => {
  expect(say('albums.leaveMeans', { name: '{name} $1 \\1' })).toContain('{name} $1 \\1')
})

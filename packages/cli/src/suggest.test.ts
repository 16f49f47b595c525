import fc from 'fast-check'
import { expect, test } from 'vitest'
import { suggest } from './suggest.ts'

const words = ['upload', 'ls', 'show', 'open', 'restore', 'register', 'whoami', 'logout', 'login']

test.each([
  ['uplaod', 'upload'],
  ['uplod', 'upload'],
  ['regis', 'register'],
  ['sl', 'ls'],
  ['logn', 'login'],
  ['xyz', undefined],
  ['', undefined],
])('%s means %s', (typed, meant) => expect(suggest(typed, words)).toBe(meant))

test('each word means itself, and a word with two letters swapped or one lost too, if it is long enough', () => {
  fc.assert(
    fc.property(fc.constantFrom(...words.filter(({ length }) => length > 5)), fc.nat(4), (word, place) => {
      const swapped = word.slice(0, place) + word[place + 1] + word[place] + word.slice(place + 2)
      const shorter = word.slice(0, place) + word.slice(place + 1)
      return suggest(word, words) === word && suggest(swapped, words) === word && suggest(shorter, words) === word
    }),
  )
})

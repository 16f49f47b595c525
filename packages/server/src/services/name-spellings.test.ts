import fc from 'fast-check'
import { expect, test } from 'vitest'
import { spellingsOf } from './name-spellings.ts'

test('a short name has every spelling, once', () => {
  expect([...spellingsOf('a-1b')].toSorted()).toEqual(['A-1B', 'A-1b', 'a-1B', 'a-1b'])
  expect(spellingsOf('gretchen').size).toBe(256)
})

test('a long name has those that people write', () =>
  expect([...spellingsOf('anna-maria.x')]).toEqual(['anna-maria.x', 'Anna-maria.x', 'Anna-Maria.X', 'ANNA-MARIA.X']))

test('all are the name itself but for case, and there are never many', () =>
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z0-9._-]{3,32}$/), (name) => {
      const spellings = spellingsOf(name)
      expect(spellings.has(name) && spellings.has(name.toUpperCase())).toBe(true)
      expect(spellings.size).toBeLessThanOrEqual(256)
      for (const spelling of spellings) expect(spelling.toLowerCase()).toBe(name)
    }),
  ))

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { placeOfTerm, termPlace, termPrefix } from './term-member.ts'

const places = fc.record({
  createdAt: fc.integer({ min: 0, max: 2 ** 32 }),
  id: fc.stringMatching(/^img_[0-9A-Za-z]{1,16}$/),
})

test('a place comes back as it was', () => {
  const any = fc.oneof(places, fc.record({ createdAt: fc.nat(), id: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/) }))
  fc.assert(
    fc.property(any, fc.constantFrom('t', 'w'), fc.string(), (place, kind, value) => {
      const prefix = termPrefix(kind, value.replaceAll('\0', ''))
      expect(placeOfTerm(termPlace(prefix, place))).toEqual(place)
    }),
  )
})

test('members sort as time and id do', () => {
  const prefix = termPrefix('w', 'lake')
  fc.assert(
    fc.property(places, places, (a, b) => {
      const order = a.createdAt - b.createdAt || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)
      const [first, second] = [Buffer.from(termPlace(prefix, a)), Buffer.from(termPlace(prefix, b))]
      expect(Math.sign(first.compare(second))).toBe(Math.sign(order))
    }),
  )
})

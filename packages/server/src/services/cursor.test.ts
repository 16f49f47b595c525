import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseCursor, printCursor } from './cursor.ts'

test('a printed cursor is read back as it was', () => {
  const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4_000_000_000 }), id, (createdAt, id) => {
      expect(parseCursor(printCursor({ createdAt, id }))).toEqual({ createdAt, id })
    }),
  )
})

test('anything else is refused, and nothing else ever happens', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      try {
        parseCursor(text)
      } catch (error) {
        expect(error).toMatchObject({ code: 'validation', details: { field: 'query.cursor' } })
      }
    }),
  )
  expect(() => parseCursor('bm9wZQ')).toThrow('cursor')
})

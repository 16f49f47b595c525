import { AppError } from '@imagehost/contract/errors'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortName } from '../ports/account-order.ts'
import { parseAccountCursor, printAccountCursor } from './account-cursor.ts'

test('a cursor leads back to its place, whatever the name', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'uU_0-'), minLength: 1 }),
      (name, uid) => {
        const place = { name: sortName(name), uid: uid.slice(0, 256) }
        const cursor = printAccountCursor(place)
        expect(cursor).toMatch(/^[A-Za-z0-9_-]{1,900}$/)
        expect(parseAccountCursor(cursor)).toEqual(place)
      },
    ),
  )
})

test.each(['', 'x', Buffer.from('u_1').toString('base64url'), Buffer.from('u 1\0x').toString('base64url')])(
  '%j is no cursor',
  (text) => expect(() => parseAccountCursor(text)).toThrow(AppError),
)

test('names are sorted by what no store changes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      const sorted = sortName(name)
      expect(Buffer.from(sorted).toString()).toBe(sorted)
      expect(sorted).not.toContain('\0')
      expect([...sorted].length).toBeLessThanOrEqual(100)
    }),
  )
})

import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSealing } from './sealing.ts'

const [key, formerKey] = [randomBytes(32), randomBytes(32)]
const sealing = createSealing({ current: key, previous: [formerKey] })

test('what was sealed is opened in its place, and reads differently each time', () =>
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, place) => {
      const sealed = sealing.seal(text, place)
      expect(sealing.open(sealed, place)).toEqual({ text, isCurrent: true })
      expect(sealing.seal(text, place)).not.toBe(sealed)
    }),
  ))

test('a former key still opens, and that is told', () => {
  const former = createSealing({ current: formerKey, previous: [] })
  expect(sealing.open(former.seal('text', 'u_a'), 'u_a')).toEqual({ text: 'text', isCurrent: false })
})

test('it is opened by no other key and in no other place', () => {
  const sealed = sealing.seal('text', 'u_a')
  expect(sealing.open(sealed, 'u_b')).toBeUndefined()
  expect(createSealing({ current: randomBytes(32), previous: [] }).open(sealed, 'u_a')).toBeUndefined()
})

test('no bit of it can be changed, and nothing cut off', () => {
  const sealed = Buffer.from(sealing.seal('text', 'u_a'), 'base64url')
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed[bit >> 3]! ^= 1 << (bit & 7)
    expect(sealing.open(changed.toString('base64url'), 'u_a')).toBeUndefined()
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(sealing.open(sealed.subarray(0, length).toString('base64url'), 'u_a')).toBeUndefined()
  }
})

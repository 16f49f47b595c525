import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase32, encodeBase32 } from './base32.ts'

/** RFC 4648 section 10, its padding left off. */
test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('%j is %s', (plain, encoded) => {
  expect(encodeBase32(Buffer.from(plain))).toBe(encoded)
  expect(decodeBase32(encoded)?.toString()).toBe(plain)
})

test('what was encoded is decoded to the same bytes', () =>
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      expect(decodeBase32(encodeBase32(bytes))).toEqual(Buffer.from(bytes))
    }),
  ))

test.each(['M', 'MZ', 'my', 'M1', 'MZXW6===', 'MY ', 'MZXW6YR'])('%j was never made by it', (text) =>
  expect(decodeBase32(text)).toBeUndefined(),
)

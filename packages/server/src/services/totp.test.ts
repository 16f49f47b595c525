import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeBase32, encodeBase32 } from './base32.ts'
import { createTotpSecret, matchingStep, otpauthUri, stepAt, totpCode } from './totp.ts'

/** The secret of both RFCs. */
const rfcSecret = Buffer.from('12345678901234567890')

describe('the vectors of RFC 6238, appendix B, for SHA-1', () => {
  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at %i', (seconds, eightDigits) => {
    // They have 8 digits; 6 digits are the last ones of the same number.
    expect(totpCode(rfcSecret, stepAt(seconds))).toBe(eightDigits.slice(2))
  })
})

test('the vectors of RFC 4226, appendix D', () => {
  const codes = ['755224', '287082', '359152', '969429', '338314', '254676', '287922', '162583', '399871', '520489']
  expect(codes.map((_, counter) => totpCode(rfcSecret, counter))).toEqual(codes)
})

test('a secret has 160 bits, and no two are the same', () => {
  const secrets = Array.from({ length: 100 }, createTotpSecret)
  expect(new Set(secrets).size).toBe(100)
  for (const secret of secrets) expect(decodeBase32(secret)).toHaveLength(20)
})

const secrets = fc.uint8Array({ minLength: 20, maxLength: 20 }).map(encodeBase32)
const moments = fc.integer({ min: 60, max: 4_000_000_000 })
const codeAt = (secret: string, step: number) => totpCode(decodeBase32(secret)!, step)

test('a code belongs to its step while that is at most one away', () =>
  fc.assert(
    fc.property(secrets, moments, fc.integer({ min: -1, max: 1 }), (secret, now, offset) => {
      const code = codeAt(secret, stepAt(now) + offset)
      const step = matchingStep(secret, code, now)
      expect(step).toBeDefined()
      expect(Math.abs(step! - stepAt(now))).toBeLessThanOrEqual(1)
      expect(codeAt(secret, step!)).toBe(code)
    }),
  ))

test('no other code does', () =>
  fc.assert(
    fc.property(secrets, moments, fc.integer({ min: 0, max: 999_999 }), (secret, now, number) => {
      const code = String(number).padStart(6, '0')
      const near = [-1, 0, 1].map((offset) => codeAt(secret, stepAt(now) + offset))
      expect(matchingStep(secret, code, now) !== undefined).toBe(near.includes(code))
    }),
  ))

test.each(['', '12345', '1234567', 'abcdef', '١٢٣٤٥٦', '12345é'])('%j is no code', (code) =>
  expect(matchingStep(encodeBase32(rfcSecret), code, 59)).toBeUndefined(),
)

test('the address for authenticator apps names site and account, whatever characters they have', () => {
  const secret = encodeBase32(rfcSecret)
  const uri = new URL(otpauthUri({ secret, issuer: 'img.example.org', name: 'Ann: a&b ä' }))
  expect(uri.href).toBe(
    `otpauth://totp/img.example.org:Ann_%20a%26b%20%C3%A4?secret=${secret}&issuer=img.example.org&algorithm=SHA1&digits=6&period=30`,
  )
})

import { expect, test } from 'vitest'
import { createRecoveryCodes, hashRecoveryCode, isRecoveryCode, plainCode } from './recovery-codes.ts'

test('there are ten, all different, of 80 bits each', () => {
  const codes = createRecoveryCodes()
  expect(new Set(codes).size).toBe(10)
  for (const code of codes) expect(code).toMatch(/^[a-z2-7]{4}(-[a-z2-7]{4}){3}$/)
})

test('a code may be typed in capitals, with spaces or without anything between', () => {
  const [code] = createRecoveryCodes() as [string]
  const plain = plainCode(code)
  expect(isRecoveryCode(plain)).toBe(true)
  for (const typed of [code.toUpperCase(), code.replaceAll('-', ' '), ` ${plain} `])
    expect(plainCode(typed)).toBe(plain)
})

test('one code of two accounts has two hashes', () => {
  expect(hashRecoveryCode('u_a', 'x')).not.toBe(hashRecoveryCode('u_b', 'x'))
})

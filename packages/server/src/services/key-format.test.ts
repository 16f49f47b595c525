import { expect, test } from 'vitest'
import { createKey, hashKey, isKey } from './key-format.ts'

test('a new key is recognised, and never the same twice', () => {
  const keys = Array.from({ length: 100 }, createKey)
  expect(keys.every(isKey)).toBe(true)
  expect(new Set(keys).size).toBe(100)
})

test('a key with one character changed is not a key', () => {
  const key = createKey()
  for (let at = 0; at < key.length; at++) {
    const other = key[at] === 'x' ? 'y' : 'x'
    expect(isKey(key.slice(0, at) + other + key.slice(at + 1))).toBe(false)
  }
})

test('what is stored does not contain the key', () => expect(hashKey(createKey())).toMatch(/^[\w-]{43}$/))

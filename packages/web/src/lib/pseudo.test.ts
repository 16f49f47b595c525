import { expect, test } from 'vitest'
import { pseudo } from './pseudo.ts'
import { english } from './words.ts'

test('every sentence of the pseudo-language is longer, and has the same values in it', () => {
  const valuesIn = (text: string) => text.match(/\{\w+[}:]/g) ?? []
  for (const [word, text] of Object.entries(pseudo(english))) {
    const original = english[word as keyof typeof english]
    expect(text.length).toBeGreaterThanOrEqual(original.length * 1.4)
    expect(valuesIn(text)).toEqual(valuesIn(original))
  }
})

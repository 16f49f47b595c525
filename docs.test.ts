import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { documents } from './scripts/docs.ts'

test.each(Object.entries(documents))('%s says what the code says; `npm run docs` prints it anew', (name, print) =>
  expect(readFileSync(path.join(import.meta.dirname, name), 'utf8')).toBe(print()),
)

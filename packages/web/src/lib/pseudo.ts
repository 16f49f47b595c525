import type { Word, Words } from './words.ts'

const accents: Readonly<Record<string, string>> = {
  a: 'á',
  e: 'é',
  i: 'î',
  o: 'ö',
  u: 'ü',
  c: 'ç',
  n: 'ñ',
  s: 'š',
  y: 'ÿ',
}

/** Every sentence with accents, half as long again as in English, and between brackets that nothing else has. */
export const pseudo = (table: Words): Words =>
  Object.fromEntries(Object.entries(table).map(([word, text]) => [word, stretched(text)])) as Record<Word, string>

function stretched(text: string): string {
  // Names of values stay as they are, also before the forms that go with them.
  const accented = text.replace(/\{\w+|[a-z]/g, (part) => accents[part] ?? part)
  return `⟦${accented}${'~'.repeat(Math.ceil(text.length * 0.4))}⟧`
}

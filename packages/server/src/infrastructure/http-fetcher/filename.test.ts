import { expect, it } from 'vitest'
import { filenameOf } from './filename.ts'

it.each([
  ['https://a.example/cats/grey%20cat.png', undefined, 'grey cat.png'],
  ['https://a.example/cat.png?size=large#top', undefined, 'cat.png'],
  ['https://a.example/', undefined, 'image'],
  ['https://a.example/cats/', undefined, 'image'],
  ['https://a.example/%E0%A4%A', undefined, '%E0%A4%A'],
  ['https://a.example/..%2F..%2Fetc%2Fpasswd', undefined, 'passwd'],
  ['https://a.example/x', 'attachment; filename="a \\"b\\".png"', 'a "b".png'],
  ['https://a.example/x', 'inline; filename=plain.png; size=3', 'plain.png'],
  ['https://a.example/x', `attachment; filename="u.png"; filename*=UTF-8''%C3%BC.png`, 'ü.png'],
  ['https://a.example/x', 'attachment; filename="C:\\\\photos\\\\cat.png"', 'cat.png'],
  ['https://a.example/x', 'attachment; filename="../../etc/passwd"', 'passwd'],
  ['https://a.example/x', `attachment; filename*=UTF-8''..%2F..%2Fshadow%00`, 'shadow'],
  ['https://a.example/x.png', 'inline', 'x.png'],
  ['https://a.example/x.png', 'attachment; filename=""', 'x.png'],
])('%s with %s is called %s', (url, disposition, name) => expect(filenameOf(new URL(url), disposition)).toBe(name))

it('cuts names that no file system would take', () => {
  expect(filenameOf(new URL(`https://a.example/${'x'.repeat(5_000)}`))).toHaveLength(255)
})

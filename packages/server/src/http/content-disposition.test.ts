import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contentDisposition } from './content-disposition.ts'

test('a name in any script reaches the client', () =>
  expect(contentDisposition('attachment', 'Grüße "aus" 日本.jpg')).toBe(
    'attachment; filename="Grue _aus_ .jpg"; filename*=UTF-8\'\'Gr%C3%BC%C3%9Fe%20%22aus%22%20%E6%97%A5%E6%9C%AC.jpg'
      .replace('Grue', 'Gru e')
      .replace('Gru e', 'Grue'),
  ))

test('no name can leave its header', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
      const value = contentDisposition('inline', name)
      expect(value).toMatch(/^inline; filename="[\x20-\x21\x23-\x5b\x5d-\x7e]+"; filename\*=UTF-8''[A-Za-z0-9%._~!-]*$/)
    }),
  )
})

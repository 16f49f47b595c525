import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cleanFilename, originalFilename, withExtension } from './filename.ts'

describe('a cleaned file name', () => {
  test.each([
    ['Holiday Photo.JPG', 'holiday-photo.jpg'],
    ['../../etc/passwd', 'passwd'],
    ['C:\\Users\\me\\Desktop\\shot.png', 'shot.png'],
    ['Überraschung äöü.jpeg', 'uberraschung-aou.jpeg'],
    ['.htaccess', 'htaccess'],
    ['…', 'image'],
    ['', 'image'],
    ['a\r\nSet-Cookie: x.png', 'a-set-cookie-x.png'],
    ['日本.png', 'image.png'],
    ['x..png', 'x.png'],
  ])('%j becomes %j', (name, cleaned) => expect(cleanFilename(name)).toBe(cleaned))

  test('is always a safe storage segment, and cleaning it again changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (name) => {
        const cleaned = cleanFilename(name)
        expect(cleaned).toMatch(/^[a-z0-9][a-z0-9.-]{0,99}$/)
        expect(cleaned).not.toContain('..')
        expect(cleanFilename(cleaned)).toBe(cleaned)
      }),
    )
  })
})

describe('an original file name', () => {
  test('keeps what people wrote, without path, control and direction characters', () => {
    expect(originalFilename('/tmp/Überraschung \u202Egpj.exe\u0000.png')).toBe('Überraschung gpj.exe.png')
    expect(originalFilename('\u0000')).toBe('image')
  })

  test('is at most 255 characters and never splits one', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 600 }), (name) => {
        const shown = originalFilename(name)
        expect([...shown].length).toBeLessThanOrEqual(255)
        expect(shown.isWellFormed()).toBe(true)
      }),
    )
  })
})

test.each([
  ['a.heic', 'jpeg', 'a.jpg'],
  ['a.jpeg', 'jpeg', 'a.jpeg'],
  ['a', 'png', 'a.png'],
  ['report.v2', 'png', 'report.v2.png'],
  ['a.png', 'jpeg', 'a.jpg'],
] as const)('%s holding %s is called %s', (name, format, expected) =>
  expect(withExtension(name, format)).toBe(expected),
)

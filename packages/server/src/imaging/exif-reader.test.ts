import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readExif } from './exif-reader.ts'
import { rewriteExif, writeOrientation } from './exif-writer.ts'

type Field = [tag: number, type: number, value: string | number]

/** A TIFF structure in which all values stand behind both directories. */
function exifOf(main: Field[], detail: Field[] = []): Buffer {
  const all = [...main, [0x8769, 4, 8 + 6 + 12 * (main.length + 1)] satisfies Field, ...detail]
  let text = ''
  const textStart = 8 + 12 + 12 * all.length
  const entry = ([tag, type, value]: Field): Buffer => {
    const bytes = Buffer.alloc(12)
    bytes.writeUInt16LE(tag, 0)
    bytes.writeUInt16LE(type, 2)
    bytes.writeUInt32LE(typeof value === 'string' ? Buffer.byteLength(value) : 1, 4)
    bytes.writeUInt32LE(typeof value === 'string' ? textStart + Buffer.byteLength(text) : value, 8)
    if (typeof value === 'string') text += value
    return bytes
  }
  const directory = (fields: Field[]): Buffer[] => {
    const count = Buffer.alloc(2)
    count.writeUInt16LE(fields.length)
    return [count, ...fields.map(entry), Buffer.alloc(4)]
  }
  const head = Buffer.from('II*\0\x08\0\0\0', 'latin1')
  const directories = [...directory(all.slice(0, main.length + 1)), ...directory(detail)]
  return Buffer.concat([head, ...directories, Buffer.from(text)])
}

const dated = (date: string, offset?: string): number | undefined =>
  readExif(exifOf([], [[0x9003, 2, date], ...(offset === undefined ? [] : [[0x9011, 2, offset] satisfies Field])]))
    .takenAt

const cameraOf = (make: string, model: string): string | undefined =>
  readExif(
    exifOf([
      [0x010f, 2, make],
      [0x0110, 2, model],
    ]),
  ).camera

describe('the time', () => {
  test('is that of UTC where the camera tells no offset', () => {
    expect(dated('2024:05:06 07:08:09\0')).toBe(Date.UTC(2024, 4, 6, 7, 8, 9) / 1000)
  })

  test('minds the offset', () => {
    expect(dated('2024:05:06 07:08:09\0', '+05:30\0')).toBe(Date.UTC(2024, 4, 6, 1, 38, 9) / 1000)
    expect(dated('2024:05:06 07:08:09\0', '-08:00\0')).toBe(Date.UTC(2024, 4, 6, 15, 8, 9) / 1000)
  })

  test.for([
    '0000:00:00 00:00:00',
    '2024:02:30 07:08:09',
    '2024:13:01 00:00:00',
    '2024-05-06 07:08:09',
    '    :  :     :  :  ',
  ])('is absent where it makes no sense: %s', (date) => {
    expect(dated(date)).toBeUndefined()
  })
})

describe('the camera', () => {
  test('does not repeat its make', () => {
    expect(cameraOf('Canon\0', 'Canon EOS R5\0')).toBe('Canon EOS R5')
    expect(cameraOf('NIKON CORPORATION\0', 'NIKON D850\0')).toBe('NIKON D850')
    expect(cameraOf('Apple\0', 'iPhone 15 Pro\0')).toBe('Apple iPhone 15 Pro')
  })

  test('loses control characters, what turns the direction of writing, and what is over 100 characters', () => {
    expect(cameraOf('Ac\x1b[31mme\0', 'C\u202eam\r\n7\0')).toBe('Ac[31mme Cam7')
    expect(cameraOf('A'.repeat(120), 'B'.repeat(120))).toHaveLength(100)
  })

  test('is absent where nothing is told', () => {
    expect(cameraOf('\0\0\0\0\0', ' \0   ')).toBeUndefined()
  })
})

describe('hostile EXIF', () => {
  test('yields no facts, and no exception', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('II*\0', 'MM\0*', 'Exif\0\0II*\0'),
        fc.uint8Array({ maxLength: 200 }),
        (mark, bytes) => {
          const { orientation } = readExif(Buffer.concat([Buffer.from(mark, 'latin1'), bytes]))
          expect(orientation).toBeOneOf([1, 2, 3, 4, 5, 6, 7, 8])
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('that points to itself ends', () => {
    const loop = exifOf([[0x0112, 3, 6]])
    loop.writeUInt32LE(8, loop.indexOf(Buffer.from('69870400', 'hex')) + 8)
    expect(readExif(loop)).toEqual({ orientation: 6 })
  })

  test('with an absurd orientation is not turned', () => {
    expect(readExif(exifOf([[0x0112, 3, 9]])).orientation).toBe(1)
    expect(readExif(exifOf([[0x0112, 3, 0]])).orientation).toBe(1)
  })
})

describe('EXIF of ours', () => {
  test.for([1, 2, 3, 4, 5, 6, 7, 8])('tells orientation %i and nothing else', (orientation) => {
    expect(writeOrientation(orientation)).toHaveLength(26)
    expect(readExif(writeOrientation(orientation))).toEqual({ orientation })
  })

  test('keeps facts, and drops what could name a person or a place', () => {
    const secret = 'Secret Street 1'
    const gps: Field = [0x8825, 4, 8]
    const names: Field[] = [
      [0x010e, 2, secret],
      [0x013b, 2, secret],
      [0x8298, 2, secret],
    ]
    const details: Field[] = [
      [0x9003, 2, '2024:05:06 07:08:09\0'],
      [0x927c, 7, secret],
      [0x9286, 7, secret],
      [0xa430, 2, secret],
      [0xa431, 2, secret],
    ]
    const exif = exifOf([[0x010f, 2, 'Acme Works\0'], [0x0112, 3, 3], gps, ...names], details)
    const rewritten = rewriteExif(exif, 6)
    expect(readExif(rewritten)).toEqual({ ...readExif(exif), orientation: 6 })
    expect(rewritten?.includes(secret)).toBe(false)
    expect(rewritten?.includes(Buffer.from('2588', 'hex'))).toBe(false)
    expect(rewriteExif(rewritten, 6)).toEqual(rewritten)
  })

  test('is not written where there is nothing to tell', () => {
    expect(rewriteExif(exifOf([[0x013b, 2, 'somebody\0']]), 1)).toBeUndefined()
    expect(rewriteExif(undefined, undefined)).toBeUndefined()
  })
})

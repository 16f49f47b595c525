import { keptTags, tags } from './exif-tags.ts'

/**
 * EXIF is a small TIFF file within the picture, written by anybody. It is read here within fixed bounds: two
 * directories (the first, and the one that it names as Exif) of at most 500 entries each, offsets followed once, so
 * that loops, huge counts and wild offsets cost nothing and merely yield no facts. GPS, maker notes and thumbnails
 * live in directories which are never read, and so can never be written again.
 */
export interface ExifFacts {
  /** 1 to 8; 1 where it is absent or absurd. */
  orientation: number
  /** Unix seconds. The camera's clock is taken for UTC where it tells no offset. */
  takenAt?: number
  /** Make and model, without control characters, at most 100 characters. */
  camera?: string
}

/** Never throws, whatever the bytes are. */
export function readExif(exif: Buffer | undefined): ExifFacts {
  const { main, detail } = readDirectories(exif)
  const takenAt = timeOf(textOf(detail.get(tags.dateTimeOriginal)), textOf(detail.get(tags.offsetTimeOriginal)))
  const camera = cameraOf(textOf(main.get(tags.make)), textOf(main.get(tags.model)))
  return {
    orientation: orientationOf(main.get(tags.orientation)),
    ...(takenAt === undefined ? {} : { takenAt }),
    ...(camera === '' ? {} : { camera }),
  }
}

export interface Directories {
  littleEndian: boolean
  main: ReadonlyMap<number, Entry>
  detail: ReadonlyMap<number, Entry>
}

export interface Entry {
  tag: number
  type: number
  count: number
  /** In the byte order of the file. */
  value: Buffer
  littleEndian: boolean
}

/** Those entries of the main and the Exif directory that may be kept, as far as they can be read. */
export function readDirectories(exif: Buffer | undefined): Directories {
  const empty = { littleEndian: false, main: new Map(), detail: new Map() }
  if (exif === undefined) return empty
  const tiff = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif
  const mark = tiff.toString('latin1', 0, 4)
  if (tiff.length < 8 || (mark !== 'II*\0' && mark !== 'MM\0*')) return empty
  const littleEndian = mark === 'II*\0'
  const main = readDirectory(tiff, unsigned(tiff, 4, 4, littleEndian), littleEndian)
  const pointer = numberOf(main.get(tags.exifDirectory))
  return { littleEndian, main, detail: pointer === undefined ? new Map() : readDirectory(tiff, pointer, littleEndian) }
}

/** A directory of a camera has under 60 entries. */
const maxEntries = 500
/** The longest kept value, a lens name, is far shorter; maker notes and thumbnails are longer and never wanted. */
const maxValueBytes = 256
/** Bytes of the TIFF types BYTE to DOUBLE, TIFF 6.0 section 2. */
const typeSizes = [0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8]

function readDirectory(tiff: Buffer, offset: number, littleEndian: boolean): Map<number, Entry> {
  const entries = new Map<number, Entry>()
  if (offset < 8 || offset + 2 > tiff.length) return entries
  const count = Math.min(unsigned(tiff, offset, 2, littleEndian), maxEntries)
  for (let at = offset + 2; at + 12 <= tiff.length && at < offset + 2 + 12 * count; at += 12) {
    const entry = readEntry(tiff, at, littleEndian)
    if (entry !== undefined && !entries.has(entry.tag)) entries.set(entry.tag, entry)
  }
  return entries
}

function readEntry(tiff: Buffer, at: number, littleEndian: boolean): Entry | undefined {
  const tag = unsigned(tiff, at, 2, littleEndian)
  if (!keptTags.has(tag)) return undefined
  const type = unsigned(tiff, at + 2, 2, littleEndian)
  const count = unsigned(tiff, at + 4, 4, littleEndian)
  const size = (typeSizes[type] ?? 0) * count
  if (size === 0 || size > maxValueBytes) return undefined
  const start = size <= 4 ? at + 8 : unsigned(tiff, at + 8, 4, littleEndian)
  if (start + size > tiff.length) return undefined
  return { tag, type, count, value: tiff.subarray(start, start + size), littleEndian }
}

function unsigned(buffer: Buffer, at: number, bytes: 2 | 4, littleEndian: boolean): number {
  return littleEndian ? buffer.readUIntLE(at, bytes) : buffer.readUIntBE(at, bytes)
}

function numberOf(entry: Entry | undefined): number | undefined {
  if (entry?.type === 3) return unsigned(entry.value, 0, 2, entry.littleEndian)
  if (entry?.type === 4) return unsigned(entry.value, 0, 4, entry.littleEndian)
  return undefined
}

function orientationOf(entry: Entry | undefined): number {
  const orientation = numberOf(entry) ?? 1
  return orientation >= 1 && orientation <= 8 ? orientation : 1
}

/** Without what could break a log line, a terminal or the direction of writing: all of Unicode's category C. */
function textOf(entry: Entry | undefined): string {
  if (entry?.type !== 2) return ''
  return entry.value
    .toString('utf8')
    .replace(/\0.*$/s, '')
    .replace(/[\p{C}\uFFFD]/gu, '')
    .trim()
}

function timeOf(date: string, offset: string): number | undefined {
  const [year, month, day, hours, minutes, seconds] = date.split(/[: ]/).map(Number)
  if (!/^\d{4}:\d\d:\d\d \d\d:\d\d:\d\d$/.test(date)) return undefined
  const time = new Date(Date.UTC(year!, month! - 1, day, hours, minutes, seconds))
  const roundTrip = time.toISOString().slice(0, 19).replace('T', ' ').replaceAll('-', ':')
  if (roundTrip !== date) return undefined
  const [, sign, offsetHours, offsetMinutes] = /^([+-])(\d\d):(\d\d)$/.exec(offset) ?? []
  const ahead = (Number(offsetHours ?? 0) * 60 + Number(offsetMinutes ?? 0)) * (sign === '-' ? -60 : 60)
  return time.getTime() / 1000 - ahead
}

/** `Canon` + `Canon EOS R5` is `Canon EOS R5`; `NIKON CORPORATION` + `NIKON D850` is `NIKON D850`. */
function cameraOf(make: string, model: string): string {
  const brand = make.split(' ')[0]!.toLowerCase()
  const repeated = brand !== '' && model.toLowerCase().startsWith(brand)
  const words = repeated ? model : `${make} ${model}`
  return Array.from(words.replace(/\s+/g, ' ').trim()).slice(0, 100).join('').trim()
}

import type { Container, Description } from './container.ts'
import { readExif } from './exif-reader.ts'
import { corrupt, maxParts, tooComplex } from './refusals.ts'

/** JPEG, ITU-T T.81: segments that begin with a marker; a start of scan is followed by entropy-coded data. */
export const jpeg: Container = { describe, findExif, strip }

interface Segment {
  marker: number
  /** Of the 0xFF. */
  start: number
  /** Behind the last byte; for a start of scan, behind its entropy-coded data. */
  end: number
}

const dht = 0xc4
const jpg = 0xc8
const dac = 0xcc
const soi = 0xd8
const eoi = 0xd9
const sos = 0xda
const dqt = 0xdb
const dri = 0xdd
const app0 = 0xe0
const app1 = 0xe1
const app2 = 0xe2
const app14 = 0xee
const app15 = 0xef
const com = 0xfe

/**
 * Each scan of a progressive JPEG costs a pass over the whole picture, so that 1 MB of tiny scans keeps a decoder busy
 * for minutes; real files have about 10.
 */
const maxScans = 100
/** 100 megapixels in the 10 scans of common encoders, twice; about a nanosecond each. */
const maxPixelsPassed = 2_000_000_000

function describe(bytes: Buffer): Description {
  const segments = walk(bytes)
  const [frame, ...others] = segments.filter(({ marker }) => isStartOfFrame(marker))
  const scans = segments.filter(({ marker }) => marker === sos)
  if (segments.at(-1)?.marker !== eoi) throw corrupt('the end is missing')
  if (frame === undefined || scans.length === 0) throw corrupt('no frame or no scan')
  // Where the end of the first picture is damaged, the next one with all its metadata would pass for a part of it.
  if (others.length > 0 || segments.some(({ marker }) => marker === soi)) throw corrupt('a picture within the picture')
  const height = bytes.readUInt16BE(frame.start + 5)
  const width = bytes.readUInt16BE(frame.start + 7)
  if (width === 0 || height === 0) throw corrupt('an empty frame')
  if (scans.length > maxScans) throw tooComplex('scans', maxScans, scans.length)
  const passed = scans.length * width * height
  if (passed > maxPixelsPassed) throw tooComplex('pixels of all scans', maxPixelsPassed, passed)
  const { orientation } = readExif(exifIn(bytes, segments))
  const heldBytes = coefficientBytes(bytes, frame, scans[0]!, width * height)
  // CMYK passes through floating point on its way to RGB.
  const lineBytes = bytes.readUInt8(frame.start + 9) === 4 ? 8 : 3
  return { width, height, frames: 1, orientation, heldBytes, lineBytes }
}

function findExif(bytes: Buffer): Buffer | undefined {
  return exifIn(bytes, walk(bytes))
}

function exifIn(bytes: Buffer, segments: readonly Segment[]): Buffer | undefined {
  const segment = segments.find((each) => each.marker === app1 && startsWith(bytes, each, 'Exif\0\0'))
  return segment && bytes.subarray(segment.start + 4, segment.end)
}

function strip(bytes: Buffer, exif: Buffer | undefined): Buffer {
  const segments = walk(bytes)
  const header = segments.find((each) => each.marker === app0 && startsWith(bytes, each, 'JFIF\0'))
  return Buffer.concat([
    bytes.subarray(0, 2),
    // Without its thumbnail, which could show what the picture itself no longer does.
    ...(header === undefined
      ? []
      : [segmentOf(app0, bytes.subarray(header.start + 4, header.start + 16), Buffer.alloc(2))]),
    ...(exif === undefined ? [] : [segmentOf(app1, Buffer.from('Exif\0\0', 'latin1'), exif)]),
    ...segments.flatMap((each) => keep(bytes, each)),
  ])
}

/**
 * Until the end of the image or, where that is missing, of the bytes. What follows it belongs to other pictures and
 * films.
 */
function walk(bytes: Buffer): Segment[] {
  const segments: Segment[] = []
  let at = 2
  while (at < bytes.length) {
    // Decoders skip stray bytes between segments and fill bytes (T.81 B.1.1.2) before a marker.
    let start = bytes.indexOf(0xff, at)
    while (start >= 0 && bytes[start + 1] === 0xff) start += 1
    const marker = bytes[start + 1]
    if (start < 0 || marker === undefined) break
    at = marker === 0 ? start + 2 : endOf(bytes, start, marker)
    if (marker === 0) continue
    segments.push({ marker, start, end: at })
    if (marker === eoi) break
    if (segments.length > maxParts) throw corrupt('too many segments')
  }
  return segments
}

function endOf(bytes: Buffer, start: number, marker: number): number {
  if (isBare(marker)) return start + 2
  if (!hasLength(marker)) throw corrupt(`unknown marker ${marker.toString(16)}`)
  const end = start + 2 + bytes.readUInt16BE(start + 2)
  if (end < start + 4 || end > bytes.length) throw corrupt('a segment ends outside the file')
  return marker === sos ? entropyEnd(bytes, end) : end
}

/**
 * Entropy-coded data escape 0xFF by a zero byte and hold restart markers (T.81 B.1.1.5); any other marker ends them.
 * `indexOf` runs through real data 20 times as fast as a loop, and 20 times slower through nothing but escapes: the loop
 * takes the next few bytes, so that neither is slow.
 */
function entropyEnd(bytes: Buffer, from: number): number {
  let at = bytes.indexOf(0xff, from)
  while (at >= 0 && at < bytes.length) {
    if (bytes[at] === 0xff) {
      const next = bytes[at + 1] ?? 0xff
      if (next !== 0 && next !== 0xff && !isRestart(next)) return at
      at += next === 0xff ? 1 : 2
    }
    const near = Math.min(at + 16, bytes.length)
    while (at < near && bytes[at] !== 0xff) at += 1
    if (bytes[at] !== 0xff) at = bytes.indexOf(0xff, at)
  }
  return bytes.length
}

const isRestart = (marker: number): boolean => marker >= 0xd0 && marker <= 0xd7

/** Restart, start and end of image, and TEM stand alone; all others tell their length. */
const isBare = (marker: number): boolean => marker === 0x01 || (marker >= 0xd0 && marker <= eoi)

const isStartOfFrame = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== dht && marker !== jpg && marker !== dac

const hasLength = (marker: number): boolean =>
  (marker >= 0xc0 && marker <= 0xdf && marker !== jpg) || (marker >= app0 && marker <= app15) || marker === com

const tables: ReadonlySet<number> = new Set([dht, dqt, dri])

/**
 * Stays what a decoder needs, and of the application segments the colours: an ICC profile, and Adobe's note on how the
 * components are to be read. Everything else goes, since decoders pass over it and anything may be in it.
 */
function keep(bytes: Buffer, segment: Segment): Buffer[] {
  const { marker, start, end } = segment
  if (marker === app14 && startsWith(bytes, segment, 'Adobe') && end - start >= 16) {
    return [segmentOf(app14, bytes.subarray(start + 4, start + 16))]
  }
  const isPicture = isStartOfFrame(marker) || tables.has(marker) || marker === sos || marker === eoi
  const isProfile = marker === app2 && startsWith(bytes, segment, 'ICC_PROFILE\0')
  return isPicture || isProfile ? [bytes.subarray(start, end)] : []
}

function startsWith(bytes: Buffer, { start, end }: Segment, mark: string): boolean {
  return start + 4 + mark.length <= end && bytes.toString('latin1', start + 4, start + 4 + mark.length) === mark
}

/** One segment with its marker and length, of less than 64 KB. */
export function segmentOf(marker: number, ...data: Buffer[]): Buffer {
  const length = data.reduce((sum, { length }) => sum + length, 2)
  return Buffer.concat([Buffer.from([0xff, marker, length >> 8, length & 0xff]), ...data])
}

/**
 * Where a scan holds less than the whole (progressive, or one component after the other), decoders keep all
 * coefficients, 2 bytes each, until the last scan has come.
 */
function coefficientBytes(bytes: Buffer, frame: Segment, scan: Segment, pixels: number): number {
  const components = bytes.readUInt8(frame.start + 9)
  const isProgressive = frame.marker % 4 === 2
  if (!isProgressive && bytes.readUInt8(scan.start + 4) === components) return 0
  const samplings = Array.from({ length: components }, (_, index) => bytes.readUInt8(frame.start + 11 + 3 * index))
  const areas = samplings.map((sampling) => (sampling >> 4) * (sampling & 15))
  const largest = Math.max(1, ...areas)
  return 2 * pixels * areas.reduce((sum, area) => sum + area / largest, 0)
}

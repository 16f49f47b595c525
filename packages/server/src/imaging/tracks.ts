import { type Box, boxesIn, boxIn, cursorIn } from './boxes.ts'
import { corrupt, maxParts } from './refusals.ts'
import type { Span } from './spans.ts'

/** An animation (AVIF sequence): a track of pictures, or of their transparency. */
interface Track {
  samples: number
  /** Where the samples lie in the file. */
  extents: Span[]
}

/** The tracks of pictures in `moov`; sound, text and timed metadata are none. */
export function readTracks(bytes: Buffer): Track[] {
  const moov = boxIn(bytes, 'moov', { from: 0, to: bytes.length })
  if (moov === undefined) return []
  const tracks = boxesIn(bytes, moov.from, moov.to).filter((box) => box.type === 'trak' && isPictureTrack(bytes, box))
  return tracks.map((track) => readTrack(bytes, track))
}

export function isPictureTrack(bytes: Buffer, track: Box): boolean {
  const handler = descend(bytes, track, ['mdia', 'hdlr'])
  return (
    handler !== undefined && ['pict', 'auxv'].includes(bytes.toString('latin1', handler.from + 8, handler.from + 12))
  )
}

function descend(bytes: Buffer, box: Box, path: readonly string[]): Box | undefined {
  return path.reduce<Box | undefined>((outer, type) => outer && boxIn(bytes, type, outer), box)
}

function readTrack(bytes: Buffer, track: Box): Track {
  const table = descend(bytes, track, ['mdia', 'minf', 'stbl'])
  const find = (type: string): Box | undefined => table && boxIn(bytes, type, table)
  const [stsz, stsc, offsets] = [find('stsz'), find('stsc'), find('stco') ?? find('co64')]
  if (stsz === undefined || stsc === undefined || offsets === undefined) throw corrupt('a track without samples')
  const sizes = readSizes(bytes, stsz)
  const chunks = readNumbers(bytes, offsets, offsets.type === 'co64' ? 8 : 4)
  const runs = readRuns(bytes, stsc)
  const extents: Span[] = []
  let sample = 0
  let run = 0
  for (const [index, from] of chunks.entries()) {
    if (runs[run + 1] !== undefined && runs[run + 1]!.firstChunk <= index + 1) run += 1
    const end = Math.min(sizes.length, sample + (runs[run]?.samples ?? 0))
    let to = from
    for (; sample < end; sample += 1) to += sizes[sample]!
    if (to > bytes.length) throw corrupt('a sample ends outside the file')
    extents.push({ from, to })
  }
  if (sample < sizes.length) throw corrupt('samples without a place')
  return { samples: sizes.length, extents }
}

function readSizes(bytes: Buffer, stsz: Box): number[] {
  const cursor = cursorIn(bytes, stsz.from + 4, stsz.to)
  const equal = cursor.next(4)
  const count = bounded(cursor.next(4))
  return Array.from({ length: count }, () => (equal === 0 ? cursor.next(4) : equal))
}

function readNumbers(bytes: Buffer, box: Box, size: number): number[] {
  const cursor = cursorIn(bytes, box.from + 4, box.to)
  return Array.from({ length: bounded(cursor.next(4)) }, () => cursor.next(size))
}

function readRuns(bytes: Buffer, stsc: Box): { firstChunk: number; samples: number }[] {
  const cursor = cursorIn(bytes, stsc.from + 4, stsc.to)
  return Array.from({ length: bounded(cursor.next(4)) }, () => {
    const run = { firstChunk: cursor.next(4), samples: cursor.next(4) }
    cursor.next(4)
    return run
  })
}

function bounded(count: number): number {
  if (count > maxParts) throw corrupt('too many samples')
  return count
}

import { type Box, cursorIn } from './boxes.ts'
import { codedSizes } from './coded-sizes.ts'
import type { Container, Description } from './container.ts'
import { stripIsobmff } from './isobmff-strip.ts'
import { type Items, readItems } from './items.ts'
import { corrupt } from './refusals.ts'
import { readTracks } from './tracks.ts'

/** AVIF and HEIC: boxes that hold items (still pictures) and, for animations, tracks. */
export const isobmff: Container = { describe, findExif, strip: stripIsobmff }

/** How the primary picture is coded: `av01`, `hvc1` …; undefined if there is none. */
export function codecOf(bytes: Buffer): string | undefined {
  const items = readItems(bytes)
  let id = items?.primary
  // A crop of a grid of tiles is the deepest that is in use.
  for (let depth = 0; depth < 4 && id !== undefined; depth += 1) {
    const type = items?.types.get(id)
    if (type !== 'grid' && type !== 'iovl' && type !== 'iden') return type
    id = items?.pieces.get(id)?.[0]
  }
  return undefined
}

/**
 * The colour profile of the primary picture: an ICC profile, or the name of one that sharp brings; undefined is sRGB.
 */
export function profileOf(bytes: Buffer): Buffer | 'p3' | undefined {
  const items = readItems(bytes)
  for (const { type, from, to } of items?.properties.get(items.primary) ?? []) {
    if (type !== 'colr') continue
    const kind = bytes.toString('latin1', from, from + 4)
    if (kind === 'prof' || kind === 'rICC') return bytes.subarray(from + 4, to)
    // Colour primaries 12 of ITU-T H.273 are Display P3's.
    if (kind === 'nclx' && bytes.readUInt16BE(from + 4) === 12) return 'p3'
  }
  return undefined
}

/**
 * The same file, so that libvips reads its primary picture: it looks at the first brand only, and knows none for
 * animations (`avis`), although they hold a still too.
 */
export function asStill(bytes: Buffer): Buffer {
  if (bytes.toString('latin1', 8, 12) === 'avif') return bytes
  const still = Buffer.from(bytes)
  still.write('avif', 8, 'latin1')
  return still
}

function describe(bytes: Buffer): Description {
  const items = readItems(bytes)
  if (items === undefined) throw corrupt('no primary picture')
  const { width, height } = shownSize(bytes, items.properties.get(items.primary) ?? [])
  if (width === 0 || height === 0) throw corrupt('a picture without a size')
  const grids = [...items.types].filter(([, type]) => type === 'grid' || type === 'iovl')
  const canvas = covering([
    ...[...items.types.keys()].map((id) => shownSize(bytes, items.properties.get(id) ?? [])),
    ...grids.map(([id]) => gridSize(bytes, items, id)),
    ...codedSizes(bytes, items),
  ])
  checkTiles(bytes, items)
  const frames = Math.max(1, ...readTracks(bytes).map(({ samples }) => samples))
  const heldBytes = threadBytes + canvas.width * canvas.height * bytesPerPixel(bytes, items)
  return { width, height, frames, orientation: 1, canvas, heldBytes, lineBytes: 0 }
}

/** A thread with WebAssembly in it, for HEIC. */
const threadBytes = 22_000_000

function covering(sizes: readonly Size[]): Size {
  return sizes.reduce(
    (largest, { width, height }) => ({
      width: Math.max(largest.width, width),
      height: Math.max(largest.height, height),
    }),
    { width: 0, height: 0 },
  )
}

/**
 * Measured over 12 megapixels: 19.4 bytes a pixel for AVIF of 8 bits, 25.5 for 10 bits at full colour resolution, 12.7
 * for HEIC of 8 bits, in the WebAssembly of its thread.
 */
function bytesPerPixel(bytes: Buffer, { properties }: Items): number {
  const isDeep = [...properties.values()]
    .flat()
    .some(({ type, from }) => type === 'av1C' && (bytes.readUInt8(from + 2) & 0x40) !== 0)
  return isDeep ? 26 : 20
}

/** A grid is a few tiles that just cover it; 65,536 times the same one would keep a decoder busy for hours. */
function checkTiles(bytes: Buffer, items: Items): void {
  for (const [id, type] of items.types) {
    if (type !== 'grid') continue
    const tiles = items.pieces.get(id) ?? []
    const grid = gridSize(bytes, items, id)
    const areas = tiles.map((tile) => shownSize(bytes, items.properties.get(tile) ?? []))
    const total = areas.reduce((sum, { width, height }) => sum + width * height, 0)
    const edge = covering(areas)
    if (new Set(tiles).size < tiles.length) throw corrupt('a tile that is used twice')
    if (total > (grid.width + edge.width) * (grid.height + edge.height))
      throw corrupt('more tiles than the picture takes')
  }
}

function findExif(bytes: Buffer): Buffer | undefined {
  const items = readItems(bytes)
  const id = items && [...items.types].find(([, type]) => type === 'Exif')?.[0]
  const extents = (id !== undefined && items?.extents.get(id)) || []
  // Extents may overlap, so that a small file could ask for gigabytes; EXIF is under 64 KB in JPEG, where it comes from.
  const data = Buffer.concat(
    extents.slice(0, 16).map(({ from, to }) => bytes.subarray(from, Math.min(to, from + 0x10000))),
  )
  return data.length < 4 ? undefined : data.subarray(4 + data.readUInt32BE(0))
}

interface Size {
  width: number
  height: number
}

/** After cropping and turning, which the container does by itself and readers in the order of the properties. */
function shownSize(bytes: Buffer, properties: readonly Box[]): Size {
  let size = { width: 0, height: 0 }
  for (const { type, from, to } of properties) {
    const cursor = cursorIn(bytes, from, to)
    if (type === 'ispe') size = { width: cursor.next(8) % 2 ** 32, height: cursor.next(4) }
    if (type === 'clap') {
      size = { width: Math.round(cursor.next(4) / cursor.next(4)), height: Math.round(cursor.next(4) / cursor.next(4)) }
    }
    if (type === 'irot' && cursor.next(1) % 2 === 1) size = { width: size.height, height: size.width }
  }
  return size
}

/**
 * A grid tells its own size beside the property, and decoders may believe either (ISO/IEC 23008-12 section 6.6.2.3).
 */
function gridSize(bytes: Buffer, items: Items, id: number): Size {
  const [extent] = items.extents.get(id) ?? []
  if (extent === undefined) throw corrupt('a grid without data')
  const cursor = cursorIn(bytes, extent.from, extent.to)
  cursor.next(1)
  const size = cursor.next(1) & 1 ? 4 : 2
  cursor.next(items.types.get(id) === 'grid' ? 2 : 8)
  return { width: cursor.next(size), height: cursor.next(size) }
}

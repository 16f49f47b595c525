import { type Directories, type Entry, readDirectories } from './exif-reader.ts'
import { keptDetailTags, keptMainTags, tags } from './exif-tags.ts'

/** A TIFF structure that tells the orientation and nothing else: 26 bytes. */
export function writeOrientation(orientation: number): Buffer {
  return writeDirectories({
    littleEndian: false,
    main: new Map([[tags.orientation, shortOf(orientation)]]),
    detail: new Map(),
  })
}

/**
 * A new TIFF structure of the camera, exposure and date tags in `exif`. Undefined if there are none. `orientation`
 * replaces what was told, and is left out where undefined: the container turns the picture by itself.
 */
export function rewriteExif(exif: Buffer | undefined, orientation: number | undefined): Buffer | undefined {
  const found = readDirectories(exif)
  const main = new Map(keptMainTags.flatMap((tag) => pair(found.main.get(tag))))
  const detail = new Map(keptDetailTags.flatMap((tag) => pair(found.detail.get(tag))))
  main.delete(tags.orientation)
  if (orientation !== undefined && orientation !== 1)
    main.set(tags.orientation, shortOf(orientation, found.littleEndian))
  if (main.size + detail.size === 0) return undefined
  return writeDirectories({ littleEndian: found.littleEndian, main, detail })
}

function pair(entry: Entry | undefined): [number, Entry][] {
  return entry === undefined ? [] : [[entry.tag, entry]]
}

function shortOf(value: number, littleEndian = false): Entry {
  const bytes = Buffer.alloc(2)
  put(bytes, 0, value, 2, littleEndian)
  return { tag: tags.orientation, type: 3, count: 1, value: bytes, littleEndian }
}

function writeDirectories({ littleEndian, main, detail }: Directories): Buffer {
  const entries = [...main.values()]
  const pointer = Buffer.alloc(4)
  if (detail.size > 0) entries.push({ tag: tags.exifDirectory, type: 4, count: 1, value: pointer, littleEndian })
  put(pointer, 0, 8 + sizeOf(entries), 4, littleEndian)
  const header = Buffer.from(littleEndian ? 'II*\0\x08\0\0\0' : 'MM\0*\0\0\0\x08', 'latin1')
  const parts = [header, writeDirectory(entries, 8, littleEndian)]
  if (detail.size > 0) parts.push(writeDirectory([...detail.values()], 8 + sizeOf(entries), littleEndian))
  return Buffer.concat(parts)
}

const evenly = (size: number): number => size + (size % 2)

function sizeOf(entries: readonly Entry[]): number {
  const values = entries.reduce((sum, { value }) => sum + (value.length > 4 ? evenly(value.length) : 0), 0)
  return 6 + 12 * entries.length + values
}

/** One directory, its entries in ascending order as TIFF 6.0 asks, followed by the values that don't fit into them. */
function writeDirectory(entries: readonly Entry[], offset: number, littleEndian: boolean): Buffer {
  const directory = Buffer.alloc(sizeOf(entries))
  put(directory, 0, entries.length, 2, littleEndian)
  let spill = 6 + 12 * entries.length
  for (const [index, entry] of entries.toSorted((one, other) => one.tag - other.tag).entries()) {
    const at = 2 + 12 * index
    put(directory, at, entry.tag, 2, littleEndian)
    put(directory, at + 2, entry.type, 2, littleEndian)
    put(directory, at + 4, entry.count, 4, littleEndian)
    if (entry.value.length <= 4) {
      entry.value.copy(directory, at + 8)
      continue
    }
    put(directory, at + 8, offset + spill, 4, littleEndian)
    entry.value.copy(directory, spill)
    spill += evenly(entry.value.length)
  }
  return directory
}

function put(buffer: Buffer, at: number, value: number, bytes: 2 | 4, littleEndian: boolean): void {
  if (littleEndian) buffer.writeUIntLE(value, at, bytes)
  else buffer.writeUIntBE(value, at, bytes)
}

import { type Box, boxesIn, boxIn, cursorIn } from './boxes.ts'
import { corrupt, maxParts } from './refusals.ts'
import type { Span } from './spans.ts'

/** What HEIF (ISO/IEC 23008-12) keeps of still pictures: items of coded data, their places and their properties. */
export interface Items {
  meta: Box
  primary: number
  /** Four-letter type by item. */
  types: ReadonlyMap<number, string>
  /** Where in the file the bytes of an item lie. */
  extents: ReadonlyMap<number, readonly Span[]>
  /** Properties of an item, in the order in which they are to be applied. */
  properties: ReadonlyMap<number, readonly Box[]>
  /** The pieces that an item is made of, such as the tiles of a grid. */
  pieces: ReadonlyMap<number, readonly number[]>
}

/** Undefined where the file has no primary picture. */
export function readItems(bytes: Buffer): Items | undefined {
  const meta = boxIn(bytes, 'meta', { from: 0, to: bytes.length })
  if (meta === undefined) return undefined
  const inner = { from: meta.from + 4, to: meta.to }
  const find = (type: string): Box | undefined => boxIn(bytes, type, inner)
  const pitm = find('pitm')
  const iloc = find('iloc')
  const iinf = find('iinf')
  if (pitm === undefined || iloc === undefined || iinf === undefined) return undefined
  return {
    meta,
    primary: bytes.readUIntBE(pitm.from + 4, bytes[pitm.from] === 0 ? 2 : 4),
    types: readTypes(bytes, iinf),
    extents: readExtents(bytes, iloc, find('idat')),
    properties: readProperties(bytes, find('iprp')),
    pieces: readPieces(bytes, find('iref')),
  }
}

export function itemEntries(bytes: Buffer, iinf: Box): Box[] {
  return boxesIn(bytes, iinf.from + (bytes[iinf.from] === 0 ? 6 : 8), iinf.to).filter(({ type }) => type === 'infe')
}

/** Where in an item's entry its type stands; entries before version 2 have none, and no picture uses them. */
export function itemTypeOffset(bytes: Buffer, entry: Box): number {
  const version = bytes.readUInt8(entry.from)
  if (version < 2) throw corrupt('an item without a type')
  return entry.from + (version === 2 ? 8 : 10)
}

function readTypes(bytes: Buffer, iinf: Box): Map<number, string> {
  const types = new Map<number, string>()
  for (const entry of itemEntries(bytes, iinf)) {
    const at = itemTypeOffset(bytes, entry)
    const id = bytes.readUIntBE(entry.from + 4, bytes[entry.from] === 2 ? 2 : 4)
    types.set(id, bytes.toString('latin1', at, at + 4))
  }
  return types
}

function readExtents(bytes: Buffer, iloc: Box, idat: Box | undefined): Map<number, Span[]> {
  const version = bytes.readUInt8(iloc.from)
  const cursor = cursorIn(bytes, iloc.from + 4, iloc.to)
  const sizes = cursor.next(2)
  const [offsetSize, lengthSize, baseSize] = [sizes >> 12, (sizes >> 8) & 15, (sizes >> 4) & 15]
  const indexSize = version === 0 ? 0 : sizes & 15
  const wide = version === 2 ? 4 : 2
  const extents = new Map<number, Span[]>()
  const budget = budgetOf(maxParts)
  for (let left = cursor.next(wide); left > 0; left -= 1) {
    const id = cursor.next(wide)
    const construction = version === 0 ? 0 : cursor.next(2) & 15
    const isElsewhere = cursor.next(2) !== 0
    const base = cursor.next(baseSize!) + (construction === 1 ? (idat?.from ?? Number.NaN) : 0)
    const count = budget.take(cursor.next(2))
    if (isElsewhere || construction > 1) throw corrupt('an item that lies elsewhere')
    const found = Array.from({ length: count }, () => {
      cursor.next(indexSize)
      const from = base + cursor.next(offsetSize!)
      return { from, to: from + cursor.next(lengthSize!) }
    })
    if (!found.every(({ to }) => to <= bytes.length)) throw corrupt('an item ends outside the file')
    extents.set(id, found)
  }
  return extents
}

function readProperties(bytes: Buffer, iprp: Box | undefined): Map<number, Box[]> {
  const properties = new Map<number, Box[]>()
  const ipco = iprp && boxIn(bytes, 'ipco', iprp)
  if (iprp === undefined || ipco === undefined) return properties
  const all = boxesIn(bytes, ipco.from, ipco.to)
  for (const [id, index] of associations(bytes, iprp)) {
    const property = all[index - 1]
    if (property === undefined) continue
    const list = properties.get(id)
    if (list === undefined) properties.set(id, [property])
    else list.push(property)
  }
  return properties
}

/** Pairs of an item and the number of one of its properties, counted from 1. */
function* associations(bytes: Buffer, iprp: Box): Generator<[item: number, property: number]> {
  const budget = budgetOf(maxParts)
  for (const ipma of boxesIn(bytes, iprp.from, iprp.to).filter(({ type }) => type === 'ipma')) {
    const cursor = cursorIn(bytes, ipma.from, ipma.to)
    const idSize = cursor.next(1) === 0 ? 2 : 4
    const indexSize = cursor.next(3) & 1 ? 2 : 1
    for (let left = cursor.next(4); left > 0; left -= 1) {
      const id = cursor.next(idSize)
      for (let count = budget.take(cursor.next(1)); count > 0; count -= 1) {
        // The highest bit tells that a property is essential.
        yield [id, cursor.next(indexSize) & (indexSize === 2 ? 0x7fff : 0x7f)]
      }
    }
  }
}

function readPieces(bytes: Buffer, iref: Box | undefined): Map<number, number[]> {
  const pieces = new Map<number, number[]>()
  if (iref === undefined) return pieces
  const idSize = bytes.readUInt8(iref.from) === 0 ? 2 : 4
  const budget = budgetOf(maxParts)
  for (const { type, from, to } of boxesIn(bytes, iref.from + 4, iref.to)) {
    if (type !== 'dimg') continue
    const cursor = cursorIn(bytes, from, to)
    const id = cursor.next(idSize)
    const found: number[] = []
    for (let left = budget.take(cursor.next(2)); left > 0; left -= 1) found.push(cursor.next(idSize))
    pieces.set(id, found)
  }
  return pieces
}

/** Counts what lists hold together, and throws once that is more than any real file has. */
function budgetOf(left: number): { take(count: number): number } {
  let rest = left
  return {
    take(count) {
      rest -= count + 1
      if (rest < 0) throw corrupt('too many parts')
      return count
    },
  }
}

import { corrupt, maxParts } from './refusals.ts'

/** One box of the ISO base media file format, ISO/IEC 14496-12 section 4.2. */
export interface Box {
  type: string
  start: number
  /** Of what the box holds. */
  from: number
  to: number
}

/** The boxes that lie side by side between two offsets. What cannot be a box, or would end outside, ends the list. */
export function boxesIn(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = []
  for (let at = start; at + 8 <= end; ) {
    const box = readBox(bytes, at, end)
    if (box.to > end || box.to < box.from) break
    boxes.push(box)
    if (boxes.length > maxParts) throw corrupt('too many boxes')
    at = box.to
  }
  return boxes
}

/** The first of this type. */
export function boxIn(bytes: Buffer, type: string, { from, to }: { from: number; to: number }): Box | undefined {
  return boxesIn(bytes, from, to).find((box) => box.type === type)
}

function readBox(bytes: Buffer, start: number, end: number): Box {
  const type = bytes.toString('latin1', start + 4, start + 8)
  const size = bytes.readUInt32BE(start)
  if (size === 1) return { type, start, from: start + 16, to: start + Number(bytes.readBigUInt64BE(start + 8)) }
  return { type, start, from: start + 8, to: size === 0 ? end : start + size }
}

/** Reads numbers one after the other; past the end of its box it throws RangeError. */
interface Cursor {
  /** Big endian, of 0, 1, 2, 4 or 8 bytes. */
  next(size: number): number
  skip(size: number): void
  readonly at: number
}

export function cursorIn(bytes: Buffer, from: number, to: number): Cursor {
  let at = from
  const pass = (size: number): void => {
    if (at + size > to) throw new RangeError('a box is too short')
    at += size
  }
  return {
    next(size) {
      const from = at
      pass(size)
      return size === 8 ? Number(bytes.readBigUInt64BE(from)) : size === 0 ? 0 : bytes.readUIntBE(from, size)
    },
    skip: pass,
    get at() {
      return at
    },
  }
}

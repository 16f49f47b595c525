import { av1Sizes } from './av1.ts'
import { type Box, cursorIn } from './boxes.ts'
import { hevcSize, isSequenceParameterSet } from './hevc.ts'
import type { Items } from './items.ts'
import { corrupt, maxParts } from './refusals.ts'

interface Size {
  width: number
  height: number
}

/** The sizes that the coded data themselves tell, of all items: what decoders allocate, whatever the container says. */
export function codedSizes(bytes: Buffer, { types, extents, properties }: Items): Size[] {
  const coded = [...types].filter(([, type]) => type === 'av01' || type === 'hvc1')
  const places = coded.flatMap(([id]) => extents.get(id) ?? [])
  // Overlapping extents would make a decoder read a small file many times over.
  if (places.reduce((sum, { from, to }) => sum + to - from, 0) > bytes.length) throw corrupt('items that overlap')
  return coded.flatMap(([id, type]) => {
    const data = Buffer.concat((extents.get(id) ?? []).map(({ from, to }) => bytes.subarray(from, to)))
    const box = properties.get(id)?.find((property) => property.type === (type === 'av01' ? 'av1C' : 'hvcC'))
    if (box === undefined) throw corrupt('an item without its decoder configuration')
    if (type === 'hvc1') return hevcSizes(bytes, box, data)
    // The configuration may repeat the sequence header behind its first four bytes.
    return [...av1Sizes(bytes.subarray(box.from + 4, box.to)), ...av1Sizes(data)]
  })
}

function hevcSizes(bytes: Buffer, { from, to }: Box, data: Buffer): Size[] {
  const sizes: Size[] = []
  const read = (unit: Buffer): void => {
    if (isSequenceParameterSet(unit)) sizes.push(hevcSize(unit))
    if (sizes.length > maxParts) throw corrupt('too many parameter sets')
  }
  const cursor = cursorIn(bytes, from + 22, to)
  for (let arrays = cursor.next(1); arrays > 0; arrays -= 1) {
    cursor.next(1)
    for (let left = cursor.next(2); left > 0; left -= 1) {
      const length = cursor.next(2)
      read(bytes.subarray(cursor.at, cursor.at + length))
      cursor.skip(length)
    }
  }
  const lengthSize = (bytes.readUInt8(from + 21) & 3) + 1
  const stream = cursorIn(data, 0, data.length)
  while (stream.at < data.length) {
    const length = stream.next(lengthSize)
    read(data.subarray(stream.at, stream.at + length))
    stream.skip(length)
  }
  return sizes
}

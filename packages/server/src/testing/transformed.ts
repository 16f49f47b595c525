import type { ServedFormat } from '@imagehost/contract/formats'
import { inFormat, parseTransform } from '@imagehost/contract/transforms'
import { inspect, defaultImageLimits as limits } from '../imaging/inspect.ts'
import { asStill } from '../imaging/isobmff.ts'
import { sharp } from '../imaging/sharp.ts'
import { transform } from '../imaging/transform.ts'

/** What the transform that an address asks for makes of these bytes. */
export const made = (bytes: Buffer, query: string, format: ServedFormat = 'png') =>
  transform(
    bytes,
    inspect(bytes, limits),
    inFormat(parseTransform(Object.fromEntries(new URLSearchParams(query))), format),
  )

export interface Pixels {
  width: number
  height: number
  data: Buffer
}

/** Red, green, blue and alpha of the picture, or of one of its frames. */
export async function pixelsOf(bytes: Buffer, page = 0): Promise<Pixels> {
  const { data, info } = await sharp(asStillIfAvif(bytes), { page })
    .autoOrient()
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  return { width: info.width, height: info.height, data }
}

export const asStillIfAvif = (bytes: Buffer) => (bytes.toString('latin1', 4, 8) === 'ftyp' ? asStill(bytes) : bytes)

export const at = ({ width, data }: Pixels, x: number, y: number) => [
  ...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4),
]

/** Where the red square of the top left is, once the camera's orientation is obeyed. */
export const corners = [
  'left top',
  'right top',
  'right bottom',
  'left bottom',
  'left top',
  'right top',
  'right bottom',
  'left bottom',
]

/** Which corners are red. */
export async function cornerOf(bytes: Buffer): Promise<string> {
  const picture = await pixelsOf(bytes)
  const { width, height } = picture
  const places = {
    'left top': [1, 1],
    'right top': [width - 2, 1],
    'left bottom': [1, height - 2],
    'right bottom': [width - 2, height - 2],
  } as const
  const isRed = ([x, y]: readonly [number, number]) => at(picture, x, y)[0]! > 230
  return Object.entries(places)
    .filter(([, place]) => isRed(place))
    .map(([name]) => name)
    .join()
}

import { termsOf } from '../../ports/image-terms.ts'
import type { ImagePosition, ImageRecord } from '../../ports/images.ts'

/** NUL ends a value: none can hold it, and it sorts before all that one can. */
export const termPrefix = (kind: 't' | 'w', value: string): string => `${kind}${value}\0`

/** A place among the images of one term, newest last: the time in hex sorts as the number does. */
export const termPlace = (prefix: string, { createdAt, id }: ImagePosition): string =>
  prefix + Math.min(Math.max(0, createdAt), lastTime).toString(16).padStart(timeDigits, '0') + id

export function placeOfTerm(member: string): ImagePosition {
  const start = member.indexOf('\0') + 1
  const time = member.slice(start, start + timeDigits)
  return { createdAt: Number.parseInt(time, 16), id: member.slice(start + timeDigits) }
}

/** All members of an image. */
export function termMembers(image: ImageRecord): string[] {
  const { tags, words } = termsOf(image)
  const prefixes = [...tags.map((tag) => termPrefix('t', tag)), ...words.map((word) => termPrefix('w', word))]
  return prefixes.map((prefix) => termPlace(prefix, image))
}

const timeDigits = 8
/** The year 2106; what old records may say beyond comes together there. */
const lastTime = 0xffffffff

import { termsOf } from '../../ports/image-terms.ts'
import type { ImagePosition, ImageRecord } from '../../ports/images.ts'

/** NUL ends a value: none can hold it, and it sorts before all that one can. */
export const termPrefix = (kind: 't' | 'w', value: string): string => `${kind}${value}\0`

/**
 * A place among the images of one term, newest last. Every image has several, so time and id are as short as can be: six
 * digits that sort as the number does, and the id without what nearly all of them begin with.
 */
export const termPlace = (prefix: string, { createdAt, id }: ImagePosition): string =>
  prefix + timeText(createdAt) + shortId(id)

export function placeOfTerm(member: string): ImagePosition {
  const start = member.indexOf('\0') + 1
  let createdAt = 0
  for (const digit of member.slice(start, start + timeDigits)) createdAt = createdAt * 64 + digits.indexOf(digit)
  return { createdAt, id: longId(member.slice(start + timeDigits)) }
}

/** All members of an image. */
export function termMembers(image: ImageRecord): string[] {
  const { tags, words } = termsOf(image)
  const prefixes = [...tags.map((tag) => termPrefix('t', tag)), ...words.map((word) => termPrefix('w', word))]
  return prefixes.map((prefix) => termPlace(prefix, image))
}

/** The id in a member, in Lua. */
export const idOfMemberInLua = `
local function id_of(member)
  local id = member:match('%z......(.*)$')
  return id:sub(1, 1) == '!' and id:sub(2) or 'img_' .. id
end
`

const timeDigits = 6
/** Base 64 in the order of ASCII. */
const digits = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'
/** Six digits reach the year 4147; what old records may say beyond comes together there. */
const lastTime = 64 ** timeDigits - 1

function timeText(time: number): string {
  let rest = Math.min(Math.max(0, Math.trunc(time)), lastTime)
  let text = ''
  for (let n = 0; n < timeDigits; n++) {
    text = digits[rest % 64]! + text
    rest = Math.floor(rest / 64)
  }
  return text
}

/** The empty one is before all others. */
const shortId = (id: string): string => (id.startsWith('img_') ? id.slice(4) : id && `!${id}`)
const longId = (id: string): string => (id.startsWith('!') ? id.slice(1) : `img_${id}`)

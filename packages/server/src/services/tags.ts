import { AppError } from '@imagehost/contract/errors'

const maxTags = 50
const maxTagLength = 50

/**
 * Tags as they are stored: in lower case, without spaces at their ends, each once. From a list, or from one text with commas,
 * as forms send them. Throws `validation` for too many or too long ones.
 */
export function cleanTags(given: string | readonly string[], field = 'tags'): string[] {
  const tags = (typeof given === 'string' ? given.split(',') : given).map(cleanTag).filter((tag) => tag !== '')
  const unique = [...new Set(tags)]
  const tooLong = unique.find((tag) => tag.length > maxTagLength)
  if (tooLong !== undefined || unique.length > maxTags) {
    const rule = `At most ${maxTags} tags of at most ${maxTagLength} characters.`
    throw new AppError('validation', { message: rule, details: { field, max: maxTags, max_length: maxTagLength } })
  }
  return unique
}

/** One tag, also for asking: control and direction characters would hide what it is. */
export const cleanTag = (tag: string): string =>
  tag
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase()

import type { ImageRecord } from './images.ts'

/** Under what an image is found: derived from its record, so that every adapter and every rule agree on it. */
interface ImageTerms {
  tags: readonly string[]
  words: readonly string[]
}

/** Long names say little more in their end. */
const maxWords = 24
const maxWordLength = 32

/** What the search finds: words of its name, title and tags. */
export const termsOf = (image: ImageRecord): ImageTerms => ({
  tags: image.tags ?? [],
  words: wordsIn(
    [image.title ?? '', ...(image.tags ?? []), stemOf(image.originalFilename ?? image.filename)].join(' '),
  ),
})

/** Folded words of a text, each once: letters and digits without case and accents. */
export function wordsIn(text: string): string[] {
  const folded = text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const words = new Set<string>()
  for (const [word] of folded.matchAll(/[\p{L}\p{N}]+/gu)) {
    if (words.size === maxWords) break
    words.add(word.slice(0, maxWordLength))
  }
  return [...words]
}

/** Whether two states of one image are found in the same ways, so that nothing has to be entered anew. */
export const isFoundAlike = (before: ImageRecord, after: ImageRecord): boolean =>
  datedAt(before) === datedAt(after) && JSON.stringify(termsOf(before)) === JSON.stringify(termsOf(after))

/** When it was taken; where nobody knows, when it came. Unix seconds. */
export const datedAt = ({ takenAt, createdAt }: Pick<ImageRecord, 'takenAt' | 'createdAt'>): number =>
  takenAt ?? createdAt

/** `2026-05`, in UTC. */
export const monthOf = (unixSeconds: number): string =>
  new Date(Math.min(unixSeconds, lastSecond) * 1000).toISOString().slice(0, -17)

/** The seconds of a month: its first, and the first that is not in it any more. Throws RangeError for no month. */
export function secondsOfMonth(month: string): { from: number; to: number } {
  const start = new Date(`${month}-01T00:00:00Z`)
  const end = new Date(start)
  end.setUTCMonth(start.getUTCMonth() + 1)
  return { from: Date.parse(start.toISOString()) / 1000, to: end.getTime() / 1000 }
}

/** Of the year 9999; old records may hold any number. */
const lastSecond = 253_402_300_799

/** What ends a name, such as `.jpg`, tells what `mime` does, and every second image has it. */
const stemOf = (name: string): string => name.replace(/\.\w{1,5}$/, '')

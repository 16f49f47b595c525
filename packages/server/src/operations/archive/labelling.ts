import { hash } from 'node:crypto'
import type { ImageRecord } from '../../ports/images.ts'
import type { Labels } from '../../services/labels.ts'

export type Labelling = ReturnType<typeof createLabelling>

/**
 * Keeps the labels in a storage in step with the records that are copied, through several rounds: what was changed since the round
 * before is labelled anew, and nothing else is asked for again, since in the last one nobody can change anything.
 */
export function createLabelling(labels: Pick<Labels, 'seal' | 'settle'>) {
  const settled = new Map<string, string>()
  const isSettled = (image: ImageRecord) => settled.get(image.id) === digest(image)

  return {
    /** For bytes that are about to be put. Old ones that nobody has inspected get theirs when that is done. */
    labelFor: (image: ImageRecord): string | undefined => (image.sha256 === undefined ? undefined : labels.seal(image)),
    /** After the bytes are there: `copied` with this label, or before. */
    async settle(image: ImageRecord, copied: 'copied' | 'present'): Promise<void> {
      if (image.sha256 === undefined || isSettled(image)) return
      if (copied === 'present') await labels.settle(image)
      settled.set(image.id, digest(image))
    },
  }
}

/** Views go on, and are no part of a label. Millions of these have to fit in memory. */
const digest = ({ views: _, ...image }: ImageRecord): string => hash('sha1', JSON.stringify(image), 'base64')

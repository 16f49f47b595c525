import { hash } from 'node:crypto'
import type { ImageRecord } from '../../ports/images.ts'
import type { Labels } from '../../services/labels.ts'

export type Labelling = ReturnType<typeof createLabelling>

/**
 * Keeps the labels in a storage in step with the records that are copied, through several rounds. Of what has not changed since the round
 * before nothing is asked again: in the last one nobody can change anything, so it has to be short.
 */
export function createLabelling(labels: Pick<Labels, 'seal' | 'settle'>) {
  const settled = new Map<string, string>()
  const isSettled = (image: ImageRecord) => settled.get(image.id) === digest(image)

  return {
    /** Whether its bytes were brought in an earlier round, and nothing of it was changed since. */
    isSettled,
    /** For bytes that are about to be put. Old ones that nobody has inspected get theirs when that is done. */
    labelFor: (image: ImageRecord): string | undefined => (image.sha256 === undefined ? undefined : labels.seal(image)),
    /** After the bytes are there: `copied` with this label, or before. */
    async settle(image: ImageRecord, copied: 'copied' | 'present'): Promise<void> {
      if (copied === 'present' && image.sha256 !== undefined) await labels.settle(image)
      settled.set(image.id, digest(image))
    },
  }
}

/** Views go on, and are no part of a label. Millions of these have to fit in memory. */
const digest = ({ views: _, ...image }: ImageRecord): string => hash('sha1', JSON.stringify(image), 'base64')

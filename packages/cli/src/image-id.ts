import { UsageError } from './faults.ts'

/** An id as it is, or out of any address that leads to the image: what people have at hand is its link. */
export function imageId(word: string): string {
  const id = /(?:^|\/)(img_[A-Za-z0-9_-]{1,60})(?:[./?#]|$)/.exec(word)?.[1]
  if (id === undefined) throw new UsageError(`${word} is no image.`, 'Give its id, img_…, or its link.')
  return id
}

import type { Image } from '@imagehost/client'
import { imageMarks, marksOf } from '@imagehost/contract/image-marks'

/** What the grid needs of a picture before it is loaded. */
export interface Sketch {
  id: string
  /** Width by height. */
  ratio: number
  thumbhash: string
  /** Title or file name. */
  name: string
  /** Unix seconds. */
  time: number
  /** Bytes; 0: not known. */
  size: number
  /** A sum of `imageMarks`. */
  marks: number
}

export const hasMark = (marks: number, mark: keyof typeof imageMarks): boolean => (marks & imageMarks[mark]) !== 0

export function sketchOf(image: Image): Sketch {
  const { id, width, height, size = 0, thumbhash = '', visibility, frames, expires_at } = image
  return {
    id,
    thumbhash,
    ratio: width && height ? width / height : 1,
    name: image.title ?? image.original_filename ?? image.filename,
    time: image.created_at,
    size,
    marks: marksOf({ visibility, expires: expires_at !== undefined, frames }),
  }
}

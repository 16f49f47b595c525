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
  const {
    id,
    width,
    height,
    thumbhash = '',
    title,
    original_filename,
    filename,
    created_at,
    visibility,
    frames,
  } = image
  return {
    id,
    thumbhash,
    ratio: width && height ? width / height : 1,
    name: title ?? original_filename ?? filename,
    time: image.created_at,
    size,
    marks: marksOf({ visibility, expires: image.expires_at !== undefined, frames }),
  }
}

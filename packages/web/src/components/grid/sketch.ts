import type { Image } from '@imagehost/client'

/** What the grid needs of a picture before it is loaded. */
export interface Sketch {
  id: string
  /** Width by height. */
  ratio: number
  thumbhash: string
}

export const sketchOf = ({ id, width, height, thumbhash = '' }: Image): Sketch => ({
  id,
  thumbhash,
  ratio: width && height ? width / height : 1,
})

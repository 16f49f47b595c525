/** What a grid tells of an image besides showing it, as one number: the sum of those that hold. */
export const imageMarks = { private: 1, expires: 2, animated: 4 } as const

interface Marked {
  visibility?: string
  expires?: boolean
  frames?: number | undefined
}

export const marksOf = ({ visibility, expires, frames = 1 }: Marked): number =>
  (visibility === 'private' ? imageMarks.private : 0) +
  (expires ? imageMarks.expires : 0) +
  (frames > 1 ? imageMarks.animated : 0)

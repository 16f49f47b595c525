import { AppError } from '@imagehost/contract/errors'

/** The bytes begin like a picture and are none; `reason` is for the log. */
export const corrupt = (reason: string): AppError => new AppError('image_corrupt', { cause: reason })

/** Decoding would cost more than a limit allows. */
export const tooComplex = (limit: string, max: number, found: number): AppError =>
  new AppError('image_too_complex', { details: { limit, max, found } })

/**
 * Segments, chunks, boxes and blocks of one file. 50 MB of empty chunks would be 4 million; real files stay under
 * 10,000 (an APNG of 2,000 frames, or 50 MB of IDAT in 8 KB pieces).
 */
export const maxParts = 100_000

/** Reading past the end of a Buffer throws RangeError: in these parsers that means a truncated file and nothing else. */
export function refusingTruncation<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) throw corrupt(`truncated: ${error.message}`)
    throw error
  }
}

import type { ServedFormat } from '@imagehost/contract/formats'
import { decode } from '../imaging/decode.ts'
import { readFacts } from '../imaging/exif.ts'
import { heicToJpeg } from '../imaging/heic.ts'
import { type ImageLimits, type Inspection, inspect } from '../imaging/inspect.ts'
import { strip } from '../imaging/strip.ts'
import type { ImageFacts } from '../ports/images.ts'

/** A picture on its way from the bytes that arrived to the bytes that are served. */
interface PictureWork {
  /** As they arrived. */
  readonly received: Buffer
  bytes: Buffer
  inspection: Inspection
  readonly limits: ImageLimits
  readonly keepMetadata: boolean
  /** What the steps have found so far. */
  facts: Pick<ImageFacts, 'takenAt' | 'camera' | 'thumbhash' | 'color'>
}

export interface UploadStep {
  /** Names the step in crash tests and metrics. */
  readonly name: string
  /** Changes the work, or throws the AppError that refuses the picture. */
  readonly run: (work: PictureWork) => Promise<void> | void
}

/**
 * What happens to every picture, in this order, once its memory is admitted. Facts are read before the metadata goes;
 * the decoding that proves the picture whole comes after, on the very bytes that will be served.
 */
export const uploadSteps: readonly UploadStep[] = [
  {
    name: 'facts',
    run: (work) => {
      Object.assign(work.facts, readFacts(work.bytes, work.inspection))
    },
  },
  {
    name: 'convert',
    run: async (work) => {
      if (work.inspection.format !== 'heic') return
      work.bytes = await heicToJpeg(work.bytes, { limits: work.limits, inspection: work.inspection })
      work.inspection = inspect(work.bytes, work.limits)
    },
  },
  {
    name: 'strip',
    run: (work) => {
      work.bytes = strip(work.bytes, work.inspection, { keepMetadata: work.keepMetadata })
    },
  },
  {
    name: 'decode',
    run: async (work) => {
      Object.assign(work.facts, await decode(work.bytes, work.inspection))
    },
  },
]

export const servedFormat = ({ format }: Inspection): ServedFormat => (format === 'heic' ? 'jpeg' : format)

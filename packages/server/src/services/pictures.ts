import { hash } from 'node:crypto'
import { formats } from '@imagehost/contract/formats'
import { type ImageLimits, inspect } from '../imaging/inspect.ts'
import type { ImageFacts } from '../ports/images.ts'
import { withExtension } from './filename.ts'
import type { Spooled } from './spool.ts'
import { servedFormat, type UploadStep } from './upload-steps.ts'
import type { WorkQueue } from './work-queue.ts'

/** Told after each step of an upload: for metrics, and for tests that stop the process there. */
export type OnStep = (name: string) => Promise<void> | void

/** Checked, stripped bytes and what is known of them. */
export interface Prepared {
  bytes: Buffer
  facts: ImageFacts
}

export type Pictures = ReturnType<typeof createPictures>

/** Takes received bytes through inspection, admission and the steps. */
export function createPictures(deps: {
  work: WorkQueue
  limits: ImageLimits
  steps: readonly UploadStep[]
  onStep: OnStep
}) {
  const { work, limits, steps, onStep } = deps

  /**
   * Prepares a picture and hands it to `store`, while its memory is still accounted for but its slot is free again.
   * Throws `unsupported_type`, `image_corrupt`, `image_too_complex`, `overloaded`.
   */
  async function prepare<T>(
    source: Spooled,
    options: { filename: string; keepMetadata: boolean },
    store: (prepared: Prepared) => Promise<T>,
  ): Promise<T> {
    // The headers alone tell how much memory the picture will take; only then is it let in to be decoded.
    const inspection = await work.run(source.size, async () => inspect(await source.read(), limits))
    await onStep('inspect')
    return work.run(2 * source.size + inspection.decodedBytes, async (place) => {
      const received = await source.read()
      const picture = { received, bytes: received, inspection, limits, keepMetadata: options.keepMetadata, facts: {} }
      for (const { name, run } of steps) {
        await run(picture)
        await onStep(name)
      }
      place.keepOnly(picture.bytes.length)
      return store({ bytes: picture.bytes, facts: factsOf(picture, source, options.filename) })
    })
  }

  return { prepare }
}

function factsOf(picture: Parameters<UploadStep['run']>[0], source: Spooled, filename: string): ImageFacts {
  const { bytes, inspection, facts } = picture
  const format = servedFormat(inspection)
  return {
    ...facts,
    mime: formats[format].mime,
    filename: withExtension(filename, format),
    size: bytes.length,
    width: inspection.width,
    height: inspection.height,
    frames: inspection.frames,
    sha256: hash('sha256', bytes),
    sourceSha256: source.sha256,
  }
}

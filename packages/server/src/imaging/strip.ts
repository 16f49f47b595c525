import { containers } from './containers.ts'
import { rewriteExif, writeOrientation } from './exif-writer.ts'
import type { Inspection } from './inspect.ts'
import { refusingTruncation } from './refusals.ts'

/**
 * The same picture without metadata and without anything that follows its end: pixels, animation, colours and
 * orientation stay as they are, bit by bit. With `keepMetadata` camera, exposure and date stay too, never the place.
 */
export function strip(
  bytes: Buffer,
  { format, orientation }: Inspection,
  { keepMetadata }: { keepMetadata: boolean },
): Buffer {
  return refusingTruncation(() => {
    const container = containers[format]
    const kept = keepMetadata ? rewriteExif(container.findExif(bytes), orientation) : undefined
    return container.strip(bytes, kept ?? (orientation === 1 ? undefined : writeOrientation(orientation)))
  })
}

import { containers } from './containers.ts'
import { type ExifFacts, readExif } from './exif-reader.ts'
import type { Inspection } from './inspect.ts'
import { refusingTruncation } from './refusals.ts'

/** When and by what camera a picture was taken, as far as its EXIF tells. */
export function readFacts(bytes: Buffer, { format }: Inspection): Pick<ExifFacts, 'takenAt' | 'camera'> {
  const { takenAt, camera } = readExif(refusingTruncation(() => containers[format].findExif(bytes)))
  return { ...(takenAt === undefined ? {} : { takenAt }), ...(camera === undefined ? {} : { camera }) }
}

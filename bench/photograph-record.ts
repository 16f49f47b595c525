import { randomBytes } from 'node:crypto'
import type { ImageRecord } from '../packages/server/src/ports/images.ts'

/** A record with every field that the upload of a photograph fills. */
export function photographRecord(ownerUid: string, id: string) {
  return {
    id,
    ownerUid,
    key: `uploads/${ownerUid}/${id}/dsc-20260731-104512.jpg`,
    filename: 'dsc-20260731-104512.jpg',
    originalFilename: 'DSC_20260731_104512.JPG',
    mime: 'image/jpeg',
    createdAt: 1_785_000_000,
    views: 0,
    visibility: 'unlisted',
    size: 4_812_331,
    width: 6_000,
    height: 4_000,
    frames: 1,
    sha256: randomBytes(32).toString('hex'),
    sourceSha256: randomBytes(32).toString('hex'),
    thumbhash: randomBytes(24).toString('base64'),
    color: '#8a7b5c',
    takenAt: 1_784_900_000,
    camera: 'NIKON CORPORATION NIKON Z 6_2',
  } as const satisfies ImageRecord
}

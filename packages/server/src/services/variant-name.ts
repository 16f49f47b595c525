import { hash } from 'node:crypto'
import { formats } from '@imagehost/contract/formats'
import { printTransform, type TransformTo } from '@imagehost/contract/transforms'
import { encodersVersion } from '../imaging/encoders.ts'
import type { ImageRecord } from '../ports/images.ts'

/** Made anew where this changes: the bytes of one name never do. */
const version = `1 ${encodersVersion}`

/** Short, since Redis keeps it for each variant: 96 bits of a hash of all that decides the bytes. */
export function variantName({ sha256 }: ImageRecord, to: TransformTo): string {
  const decides = `${version}\n${sha256}\n${printTransform(to)}`
  return `${hash('sha256', decides, 'base64url').slice(0, 16)}.${formats[to.format].extension}`
}

/** Beside the images, so that a policy or a rule of the bucket can tell what may be lost: all of this can be made again. */
export const variantKey = (imageId: string, name: string): string => `variants/${imageId}/${name}`

import { hash } from 'node:crypto'
import { formats } from '@imagehost/contract/formats'
import { presetTransform } from '@imagehost/contract/presets'
import { inFormat, printTransform, type TransformTo } from '@imagehost/contract/transforms'
import { encodersVersion } from '../imaging/encoders.ts'
import type { ImageRecord } from '../ports/images.ts'

/** Made anew where this changes: the bytes of one name never do. */
const version = `1 ${encodersVersion}`

/** What a gallery and a page ask for first, of every image. */
export const presetsAhead = ['thumb', 'medium'] as const

/** Their canonical form, and the names that they always have: of nearly every image, so that no record of them is kept. */
const lasting: ReadonlyMap<string, string> = new Map(
  presetsAhead.flatMap((preset) => {
    const transform = presetTransform(preset, undefined)
    return transform ? [[printTransform(inFormat(transform, 'webp')), `${preset}.webp`]] : []
  }),
)

/** Names of variants that an image may have without any record of them. */
export const lastingNames: ReadonlySet<string> = new Set(lasting.values())

/** Short, since Redis keeps most of them: 96 bits of a hash of all that decides the bytes. */
export function variantName({ sha256 }: ImageRecord, to: TransformTo): string {
  const printed = printTransform(to)
  const lastingName = lasting.get(printed)
  if (lastingName !== undefined) return lastingName
  const decides = `${version}\n${sha256}\n${printed}`
  return `${hash('sha256', decides, 'base64url').slice(0, 16)}.${formats[to.format].extension}`
}

/** Beside the images, so that a policy or a rule of the bucket can tell what may be lost: all of this can be made again. */
export const variantKey = (imageId: string, name: string): string => `variants/${imageId}/${name}`

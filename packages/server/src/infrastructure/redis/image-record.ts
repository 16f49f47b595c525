import type { Visibility } from '@imagehost/contract/schemas'
import type { ImageFacts, ImageRecord } from '../../ports/images.ts'
import { keyOfUrl } from './flask-url.ts'
import { type Fields, numberOf } from './reply.ts'

/**
 * The hash of an image. Five million of them have to fit in 7 GiB, so what can be derived is not stored (the id, the usual
 * key, `url`), hashes are base64url, and the names of our own fields are short. The fields of the Flask project keep theirs.
 */

/** Marks a record as ours and holds the fence of the claim that committed it. */
export const fenceField = 'f'

/** What is stored as it is, by its field. */
const texts = {
  originalFilename: 'of',
  title: 'ti',
  thumbhash: 'th',
  color: 'co',
  camera: 'ca',
  refused: 're',
} as const

const numbers = { size: 's', width: 'w', height: 'h', frames: 'n', takenAt: 'ta' } as const

const visibilities: Readonly<Record<string, Visibility>> = { p: 'public', u: 'unlisted', x: 'private' }

/** Fields and values of a new record, in turn. */
export function fieldsOfImage(image: ImageRecord): string[] {
  const fields = ['owner_uid', image.ownerUid, 'created_at', String(image.createdAt), ...fieldsOfFacts(image)]
  if (image.key !== usualKey(image.id, image.ownerUid, image.filename)) fields.push('key', image.key)
  if (image.views !== 0) fields.push('views', String(image.views))
  if (image.title !== undefined) fields.push(texts.title, image.title)
  if (image.originalFilename !== undefined) fields.push(texts.originalFilename, image.originalFilename)
  const visibility = Object.keys(visibilities).find((letter) => visibilities[letter] === image.visibility)
  if (visibility) fields.push('v', visibility)
  return fields
}

/** Fields and values of what an inspection found, in turn. */
export function fieldsOfFacts(facts: ImageFacts): string[] {
  const fields = ['mime', facts.mime, 'filename', facts.filename]
  for (const name of ['thumbhash', 'color', 'camera', 'refused'] as const) {
    const value = facts[name]
    if (value !== undefined) fields.push(texts[name], value)
  }
  for (const name of ['size', 'width', 'height', 'frames', 'takenAt'] as const) {
    const value = facts[name]
    if (value !== undefined) fields.push(numbers[name], String(value))
  }
  if (facts.sha256 !== undefined) fields.push('e', packed(facts.sha256))
  if (facts.sourceSha256 !== undefined) fields.push('d', packed(facts.sourceSha256))
  return fields
}

/** The record in a hash; undefined if the hash is empty. Old records may lack anything, and hold anything. */
export function imageOf(id: string, fields: Fields): ImageRecord | undefined {
  if (isEmpty(fields)) return undefined
  const ownerUid = fields.owner_uid ?? ''
  const filename = fields.filename || id
  const image: ImageRecord = {
    id,
    ownerUid,
    key: fields.key ?? derivedKey(id, ownerUid, filename, fields),
    filename,
    mime: fields.mime || 'application/octet-stream',
    createdAt: numberOf(fields.created_at),
    views: numberOf(fields.views),
  }
  const visibility = visibilities[fields.v ?? '']
  if (visibility) image.visibility = visibility
  for (const name of textNames) {
    const value = fields[texts[name]]
    if (value !== undefined) image[name] = value
  }
  for (const name of numberNames) {
    const value = fields[numbers[name]]
    if (value !== undefined) image[name] = numberOf(value)
  }
  if (fields.e !== undefined) image.sha256 = unpacked(fields.e)
  if (fields.d !== undefined) image.sourceSha256 = unpacked(fields.d)
  return image
}

/** The start of the hash of the received bytes, under which the account's collection finds the image again. */
export const sourceStart = (packedHash: string): string => packedHash.slice(0, 10)

/** 64 hex digits in 43 characters. */
export const packed = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')

const unpacked = (text: string): string => Buffer.from(text, 'base64url').toString('hex')

const textNames = Object.keys(texts) as (keyof typeof texts)[]
const numberNames = Object.keys(numbers) as (keyof typeof numbers)[]

const usualKey = (id: string, ownerUid: string, filename: string): string => `uploads/${ownerUid}/${id}/${filename}`

const derivedKey = (id: string, ownerUid: string, filename: string, fields: Fields): string =>
  fields[fenceField] === undefined ? keyOfUrl(fields.url ?? '') : usualKey(id, ownerUid, filename)

function isEmpty(fields: Fields): boolean {
  for (const _ in fields) return false
  return true
}

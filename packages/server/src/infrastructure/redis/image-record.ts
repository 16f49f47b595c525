import { isBlobKey } from '../../ports/blob-key.ts'
import type { ImageChanges, ImageFacts, ImageRecord } from '../../ports/images.ts'
import { keyOfUrl } from './flask-url.ts'
import { listOf, type Reply, textOf, wholeOf } from './reply.ts'

/**
 * The hash of an image. The fields of the Flask project keep their names; all of ours is one field of JSON, since the cost
 * of a read is the number of strings in the answer. What can be derived is not stored (the id, the usual key, `url`), and
 * hashes are base64url: five million images have to fit in 7 GiB. Reads ask for these fields, in this order.
 */
export const imageFields = [
  ...['owner_uid', 'created_at', 'mime', 'filename', 'views', 'key', 'url'],
  /** Set on records of ours: the fence of the claim that committed it. */
  'fence',
  'ours',
  /** Only there to tell an old record that lacks all else from none. */
  'id',
] as const

/** The same in Lua. */
export const imageFieldsInLua = imageFields.map((name) => `'${name}'`).join(', ')

/** Fields that have a name of their own in the hash, or are in its key. */
type OwnField = 'id' | 'ownerUid' | 'key' | 'filename' | 'mime' | 'createdAt' | 'views'

/** What is in `ours`, by short names, since each image holds them. */
const shortNames = {
  visibility: 'v',
  originalFilename: 'of',
  title: 'ti',
  tags: 'tg',
  trashedAt: 'tr',
  nextKey: 'nk',
  formerKey: 'fk',
  expiresAt: 'x',
  hiddenAt: 'hi',
  size: 's',
  width: 'w',
  height: 'h',
  frames: 'n',
  sha256: 'e',
  sourceSha256: 'd',
  thumbhash: 'th',
  color: 'co',
  takenAt: 'ta',
  camera: 'ca',
  refused: 're',
} as const satisfies Record<Exclude<keyof ImageRecord, OwnField>, string>

/** Fields and values of a new record, in turn. */
export function fieldsOfImage(image: ImageRecord, fence: number): string[] {
  const { id, ownerUid, filename, mime, createdAt, key, views } = image
  const fields = ['owner_uid', ownerUid, 'created_at', String(createdAt), 'mime', mime, 'filename', filename]
  fields.push('fence', String(fence), 'ours', oursOf(image))
  if (key !== usualKey(id, ownerUid, filename)) fields.push('key', key)
  if (views !== 0) fields.push('views', String(views))
  return fields
}

/** The JSON of what is ours in a record, or in what is to be merged into one; there null takes away. */
export function oursOf(facts: ImageRecord | ImageFacts | ImageChanges): string {
  const known: { [K in keyof ImageRecord]?: ImageRecord[K] | null } = facts
  const ours: Record<string, OurValue | null> = {}
  for (const name of names) {
    const value = known[name]
    if (value !== undefined) ours[shortNames[name]] = packedValue(name, value)
  }
  return JSON.stringify(ours)
}

/** An empty list would come back from Lua as an empty object, and means the same as none. */
function packedValue(name: Name, value: OurValue | null): OurValue | null {
  if (value === null || (Array.isArray(value) && value.length === 0)) return null
  return isHash(name) ? packed(String(value)) : value
}

type OurValue = string | number | readonly string[]

/** The record in the values of `imageFields`; undefined if there are none. Old ones may lack anything, and hold anything. */
export function imageOf(id: string, reply: Reply | undefined): ImageRecord | undefined {
  const values = listOf(reply)
  if (values.every((value) => value === null)) return undefined
  const [owner, created, mime, name, views, key, url, fence, ours] = values
  const ownerUid = textOf(owner) ?? ''
  const filename = textOf(name) || id
  const image: ImageRecord = {
    id,
    ownerUid,
    key: textOf(fence) && key === null ? usualKey(id, ownerUid, filename) : oldKey(ownerUid, textOf(key), textOf(url)),
    filename,
    mime: textOf(mime) || 'application/octet-stream',
    createdAt: wholeOf(created),
    views: wholeOf(views),
  }
  return withOurs(image, textOf(ours))
}

/** The start of the hash of the received bytes, under which the account's collection finds the image again. */
export const sourceStart = (sourceSha256: string | undefined): string =>
  sourceSha256 === undefined ? '' : packed(sourceSha256).slice(0, 10)

const usualKey = (id: string, ownerUid: string, filename: string): string => `uploads/${ownerUid}/${id}/${filename}`

/**
 * Clients of the Flask project could name any key. One that no store can hold is none, so that nothing trips over it; nor is
 * one of somebody else's object or in a folder of ours, which the record would otherwise show, and delete, as its own.
 */
function oldKey(ownerUid: string, key = '', url = ''): string {
  const isAnothers = (text: string) => {
    const [folder, uid = ''] = text.split('/', 2)
    if (folder === 'incoming' || folder === 'variants') return true
    return folder === 'uploads' && ownerUid !== '' && uid.startsWith('u_') && uid !== ownerUid
  }
  return [key, keyOfUrl(url)].find((text) => isBlobKey(text) && !isAnothers(text)) ?? ''
}

type Name = keyof typeof shortNames
const names = Object.keys(shortNames) as Name[]
const nameOf: ReadonlyMap<string, Name> = new Map(names.map((name) => [shortNames[name], name]))
const isHash = (name: Name): boolean => name === 'sha256' || name === 'sourceSha256'

/** Only `oursOf` writes this field, so what is in it has the types of the record. */
function withOurs(image: ImageRecord, json: string | undefined): ImageRecord {
  if (!json) return image
  const ours: Record<string, OurValue | null> = JSON.parse(json)
  // In place: a page has fifty of them.
  const known: Partial<Record<keyof ImageRecord, OurValue>> = image
  for (const short in ours) {
    const name = nameOf.get(short)
    const value = ours[short]
    if (name && value != null) known[name] = isHash(name) ? unpacked(String(value)) : value
  }
  return image
}

const packed = (hex: string): string => Buffer.from(hex, 'hex').toString('base64url')
const unpacked = (text: string): string => Buffer.from(text, 'base64url').toString('hex')

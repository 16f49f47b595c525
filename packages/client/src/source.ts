import { AppError, formats } from '@imagehost/contract'
import { formatOf, headBytes } from './picture-format.ts'

/** What can be uploaded: a file (of an `<input>`, or `openFile` in Node), bytes, a stream, or an address that the server fetches. */
export type Source =
  | Blob
  | Uint8Array
  | ArrayBuffer
  | ReadableStream<Uint8Array>
  | URL
  | `${'http' | 'https'}://${string}`

export interface Picture {
  bytes: Blob
  /** What it is called, if the source says so. */
  name: string | undefined
  mime: string
}

/** A stream has no size, and one that never ends must not fill the memory: larger than what servers take by far. */
const maxStreamBytes = 512 * 1024 * 1024

/** Whether the server shall fetch it. */
export const addressOf = (source: Source): string | undefined =>
  source instanceof URL ? source.href : typeof source === 'string' ? source : undefined

/** Bytes that can be read as often as needed: another try needs them again. */
export async function readPicture(source: Exclude<Source, URL | string>): Promise<Picture> {
  const bytes = await collect(source)
  if (bytes.size === 0)
    throw new AppError('validation', { message: 'There are no bytes to upload.', details: { field: 'file' } })
  const format = formatOf(new Uint8Array(await bytes.slice(0, headBytes).arrayBuffer()))
  return {
    bytes,
    name: 'name' in bytes && typeof bytes.name === 'string' && bytes.name !== '' ? bytes.name : undefined,
    mime: format ? formats[format].mime : 'application/octet-stream',
  }
}

async function collect(source: Exclude<Source, URL | string>): Promise<Blob> {
  if (source instanceof Blob) return source
  if (!(source instanceof ReadableStream)) return new Blob([source as BlobPart])
  const chunks: BlobPart[] = []
  let size = 0
  for await (const chunk of source) {
    size += chunk.length
    if (size > maxStreamBytes) throw new AppError('too_large', { details: { max: maxStreamBytes } })
    chunks.push(chunk as BlobPart)
  }
  return new Blob(chunks)
}

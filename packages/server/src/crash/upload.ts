import { hash } from 'node:crypto'
import type { Client } from '@imagehost/client'

export const requestUpload = (client: Client, bytes: Buffer) =>
  client.uploads.request({ body: { filename: 'a.jpg', mime_type: 'image/jpeg', size: bytes.length } })

/** As a browser does it: with the type and nothing else of its own. */
export async function putPicture(address: string, bytes: Buffer, fetch = globalThis.fetch): Promise<void> {
  const init = { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(bytes) }
  const { status } = await fetch(address, init)
  if (status !== 200) throw new Error(`The storage answered ${status} to a PUT.`)
}

export const sha256 = (bytes: ArrayBuffer | Buffer): string =>
  hash('sha256', bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes)

import { hash } from 'node:crypto'

export type Uploader = ReturnType<typeof createUploader>

/** Somebody who uploads over bare HTTP, so that tests see statuses and headers as they are. */
export function createUploader({ url, apiKey, fetch = globalThis.fetch }: UploaderOptions) {
  const post = (action: string, body: Buffer | object) =>
    fetch(`${url}/api/v1/${action}`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': Buffer.isBuffer(body) ? 'image/jpeg' : 'application/json' },
      body: Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body),
    })

  /** An address for the bytes to come, or why there is none. */
  const request = () => post('upload/request', { filename: 'a.jpg', mime_type: 'image/jpeg' })

  /** As a browser does it: with the type and no other header of its own. */
  const tryPut = (address: string, bytes: Buffer) =>
    fetch(address, { method: 'PUT', headers: { 'content-type': 'image/jpeg' }, body: new Uint8Array(bytes) })

  async function put(address: string, bytes: Buffer): Promise<void> {
    const { status } = await tryPut(address, bytes)
    if (status !== 200) throw new Error(`The storage answered ${status} to a PUT.`)
  }

  return {
    request,
    put,
    /** What the storage answers, whatever it is. */
    tryPut,
    /** In one request. */
    send: (bytes: Buffer) => post('upload', bytes),
    /** Puts the bytes where `complete` will look for them; answers the id. */
    async stage(bytes: Buffer): Promise<string> {
      const { iid, presigned_url: address } = await (await request()).json()
      await put(address, bytes)
      return iid
    },
    complete: (iid: string) => post('upload/complete', { iid }),
  }
}

interface UploaderOptions {
  url: string
  apiKey: string
  fetch?: typeof globalThis.fetch
}

export const sha256 = (bytes: ArrayBuffer | Buffer): string =>
  hash('sha256', bytes instanceof ArrayBuffer ? new Uint8Array(bytes) : bytes)

import type { Account, Site } from './site.ts'
import { wrk } from './wrk.ts'

type Reachable = Pick<Site, 'url'>

const place = '/api/v1/upload?allow_duplicate=1&filename=photo.jpg'
const headersOf = ({ apiKey }: Account) => ({ 'x-api-key': apiKey, 'content-type': 'image/jpeg' })

/** Uploads the bytes in one request, as a new image even if the account has the same picture. */
export async function upload({ url }: Reachable, account: Account, bytes: Buffer): Promise<{ id: string }> {
  const body = new Uint8Array(bytes)
  const response = await fetch(url + place, { method: 'POST', headers: headersOf(account), body })
  if (response.status !== 201) throw new Error(`${response.status}: ${await response.text()}`)
  return (await response.json()) as { id: string }
}

/** The same again and again at so many connections, by a client that costs next to nothing. */
export const uploads =
  ({ url }: Reachable, account: Account, bytes: Buffer, connections: number) =>
  (seconds: number): Promise<number> => {
    const text = Array.from(bytes, (byte) => `\\${String(byte).padStart(3, '0')}`).join('')
    const lua = `wrk.method = 'POST'\nwrk.body = "${text}"`
    return wrk({ url: url + place, connections, headers: headersOf(account), lua }, seconds)
  }

/** An address for the bytes, the bytes to it, and the word that they are there. */
export async function uploadPresigned({ url }: Reachable, { apiKey }: Account, bytes: Buffer): Promise<void> {
  const draft = { filename: 'photo.jpg', mime_type: 'image/jpeg', size: bytes.length }
  const { iid, presigned_url: address, headers } = await post('request', draft)
  const put = await fetch(address, { method: 'PUT', headers, body: new Uint8Array(bytes) })
  if (!put.ok) throw new Error(`${put.status}: ${await put.text()}`)
  await put.arrayBuffer()
  await post('complete', { iid })

  async function post(step: 'request' | 'complete', body: object) {
    const response = await fetch(`${url}/api/v1/upload/${step}`, {
      method: 'POST',
      headers: { 'x-api-key': apiKey, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`)
    return response.json()
  }
}

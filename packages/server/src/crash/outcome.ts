import { expect } from 'vitest'
import type { TestApp } from '../testing/start-test-app.ts'
import { sha256 } from '../testing/uploader.ts'

/** An upload that a crash interrupted. */
export interface Upload {
  id: string
  apiKey: string
  uid: string
}

/** The image is served, listed and counted once, with the bytes of its record; or none of this at all. */
export async function expectWholeOrNothing(app: TestApp, upload: Upload, isThere: boolean): Promise<void> {
  const { id, apiKey, uid } = upload
  const served = await app.fetch(`http://images.test/i/${id}`)
  expect(served.status).toBe(isThere ? 200 : 404)
  const redirect = await app.fetch(`http://images.test/api/v1/image/${id}`, { headers: { 'x-api-key': apiKey } })
  expect(redirect.status).toBe(isThere ? 302 : 404)
  const { items } = await app.client(apiKey).images.list()
  expect(items.map((item) => item.id)).toEqual(isThere ? [id] : [])
  const bytes = await served.arrayBuffer()
  if (isThere) expect(items[0]?.sha256).toBe(sha256(bytes))
  expect(await app.metadata.images.usage(uid)).toEqual({
    images: isThere ? 1 : 0,
    bytes: isThere ? bytes.byteLength : 0,
  })
}

/** Everything in the blob store. */
export const keysIn = async ({ blobs }: TestApp): Promise<string[]> =>
  (await Array.fromAsync(blobs.list(''))).map(({ key }) => key)

/** Tables and keys that hold uploads which are not finished. */
export const isOfDraft = (place: string): boolean => /draft|trace|reserved|imagehost:uploads/.test(place)

/** Longer than the lease of a dead worker. */
export const leaseSeconds = 10
/** Longer than any draft lives. */
export const draftSeconds = 3 * 3600

import type { Client, Image } from '@imagehost/client'
import { expect } from 'vitest'
import { startTestApp } from './start-test-app.ts'
import { sha256 } from './uploader.ts'

/** All images of the account, each once, those acknowledged among them, and each served as what it is. */
export async function expectWhole(
  client: Client,
  url: string,
  acknowledged: readonly Pick<Image, 'id'>[],
): Promise<void> {
  const listed = await listAll(client)
  const ids = listed.map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids).toEqual(expect.arrayContaining(acknowledged.map(({ id }) => id)))
  for (const { id, sha256: expected } of listed) {
    const served = await fetch(`${url}/i/${id}`)
    expect(served.status).toBe(200)
    expect(sha256(await served.arrayBuffer())).toBe(expected)
  }
}

/** Longer than any draft lives. */
const draftMs = 3 * 3_600_000

/** Once the sweeper has come, there are the bytes of the listed images and no others, and they are what is counted. */
export async function expectSwept(env: Record<string, string>, uid: string): Promise<void> {
  const app = await startTestApp(env, { clock: { now: () => Date.now() + draftMs } })
  await app.sweeper.sweep()
  const { items: listed } = await app.metadata.imageIndex.list(uid, { limit: 10_000 })
  const blobs = await Array.fromAsync(app.blobs.list(''))
  expect(blobs.map(({ key }) => key).sort()).toEqual(listed.map(({ key }) => key).sort())
  const bytes = blobs.reduce((sum, { size }) => sum + size, 0)
  expect(await app.metadata.images.usage(uid)).toEqual({ images: listed.length, bytes })
  await app.stop()
}

export async function listAll(client: Client): Promise<Image[]> {
  const images: Image[] = []
  let cursor: string | undefined
  do {
    const page = await client.images.list({ query: { limit: 200, ...(cursor && { cursor }) } })
    images.push(...page.items)
    cursor = page.next_cursor
  } while (cursor)
  return images
}

import type { Client, Image } from '@imagehost/client'
import { expect } from 'vitest'
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

import { createClient } from '@imagehost/client'
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { type ServerProcess, startServerProcess } from './testing/start-server-process.ts'

/** Two servers on one Redis, or one Cluster, and one bucket. */
const engines: Record<string, Record<string, string>> = {
  Redis: { REDIS_URL: `${inject('redisUrl')}/3` },
  'Redis Cluster': { REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(',') },
}

/** What is taken back is gone everywhere within this time. */
const promisedMs = 1_000

describe.each(Object.entries(engines))('%s', (_, engine) => {
  let here: ServerProcess
  let there: ServerProcess

  beforeAll(async () => {
    const { env: bucket } = await createBucket(inject('s3'))
    const env = { ...engine, ...bucket, SECRET_KEY: 'of these tests, and of nothing else' }
    ;[here, there] = await Promise.all([startServerProcess(env), startServerProcess(env)])
  })
  afterAll(() => Promise.all([here.stop(), there.stop()]))

  async function newUser() {
    const { api_key: apiKey } = await createClient({ baseUrl: here.url }).accounts.issueDevKey()
    const client = createClient({ baseUrl: here.url, apiKey, retries: 0 })
    return { apiKey, client, username: (await client.accounts.me()).username }
  }

  test('a grant that is taken back at one opens no bytes at the other within a second', async () => {
    const [owner, friend] = [await newUser(), await newUser()]
    const { id: album } = await owner.client.albums.create({ body: { name: 'Summer' } })
    const sent = await fetch(`${here.url}/api/v1/upload?album=${album}&visibility=private`, {
      method: 'POST',
      headers: { 'x-api-key': owner.apiKey, 'content-type': 'image/png' },
      body: new Uint8Array(await pictures.png()),
    })
    const { id } = (await sent.json()) as { id: string }
    const statusThere = async () =>
      (await fetch(`${there.url}/i/${id}`, { headers: { 'x-api-key': friend.apiKey } })).status
    const params = { album, username: friend.username }
    for (let round = 0; round < 3; round++) {
      expect(await statusThere()).toBe(404)
      await owner.client.grants.put({ params, body: { role: 'view' } })
      await vi.waitFor(async () => expect(await statusThere()).toBe(200), { timeout: promisedMs, interval: 20 })
      await owner.client.grants.delete({ params })
      await vi.waitFor(async () => expect(await statusThere()).toBe(404), { timeout: promisedMs, interval: 20 })
    }
  })

  test('a share that is taken back at one opens no bytes at the other within a second', async () => {
    const owner = await newUser()
    const { id: album } = await owner.client.albums.create({ body: { name: 'Autumn' } })
    const sent = await fetch(`${here.url}/api/v1/upload?album=${album}&visibility=private`, {
      method: 'POST',
      headers: { 'x-api-key': owner.apiKey, 'content-type': 'image/png' },
      body: new Uint8Array(await pictures.png({ seed: 7 })),
    })
    const { id } = (await sent.json()) as { id: string }
    const ways = [
      () => owner.client.shares.create({ params: { id }, body: {} }),
      () => owner.client.shares.createOfAlbum({ params: { album }, body: {} }),
    ]
    for (const create of ways) {
      const { slug } = await create()
      const opened = await fetch(`${there.url}/s/${slug}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      })
      const { items } = (await opened.json()) as { items: { url: string; thumbnail_url: string }[] }
      const addresses = [items[0]!.url, items[0]!.thumbnail_url]
      const statusesThere = () => Promise.all(addresses.map(async (address) => (await fetch(address)).status))
      expect(addresses.every((address) => address.startsWith(there.url))).toBe(true)
      expect(await statusesThere()).toEqual([200, 200])
      await owner.client.shares.delete({ params: { slug } })
      const gone = async () => expect(await statusesThere()).toEqual([404, 404])
      await vi.waitFor(gone, { timeout: promisedMs, interval: 20 })
      expect((await fetch(`${there.url}/s/${slug}`)).status).toBe(404)
    }
  })

  test('of sixteen guests at two servers as many come in as the link takes', async () => {
    const owner = await newUser()
    const { id: album } = await owner.client.albums.create({ body: { name: 'Wedding' } })
    const { slug } = await owner.client.drops.create({ params: { album }, body: { max_files: 5 } })
    const statuses = await Promise.all(
      Array.from({ length: 16 }, async (_, n) => {
        const { url } = n % 2 === 0 ? here : there
        const body = new Uint8Array(await pictures.png({ seed: n }))
        return (
          await fetch(`${url}/d/${slug}/upload`, { method: 'POST', headers: { 'content-type': 'image/png' }, body })
        ).status
      }),
    )
    expect(statuses.filter((status) => status === 201)).toHaveLength(5)
    expect(new Set(statuses)).toEqual(new Set([201, 409]))
    expect((await owner.client.albums.images({ params: { album } })).items).toHaveLength(5)
    expect((await owner.client.images.usage()).images).toBe(5)
  })
})

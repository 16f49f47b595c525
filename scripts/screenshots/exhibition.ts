import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type Client, createClient } from '@imagehost/client'
import { createApp } from '../../packages/server/src/app.ts'
import { readConfig } from '../../packages/server/src/config.ts'
import { createLog } from '../../packages/server/src/log.ts'
import type { Print } from './prints.ts'

/** A server with an account in which somebody has lived for a while. */
export interface Exhibition {
  url: string
  username: string
  password: string
  /** Ids, the newest first. */
  images: string[]
  album: string
  share: string
  drop: string
  /** Takes away what was uploaded since it opened. */
  tidy(): Promise<void>
  stop(): Promise<void>
}

const person = { username: 'anna', password: 'long enough for a picture' }
const albumNames = ['Lisbon', 'Garden in June', 'Picos de Europa']
const daySeconds = 86_400
/** The pictures came over so many days, more and more of them. */
const days = 420

export async function openExhibition(prints: readonly Print[]): Promise<Exhibition> {
  const directory = await mkdtemp(path.join(tmpdir(), 'imagehost-screenshots-'))
  const config = readConfig({ DATA_DIR: directory, PORT: '0', RATE_UPLOAD: '1000000' })
  // The clock stands where the next picture came, and ends at the present.
  let back = days * daySeconds * 1000
  const clock = { now: () => Date.now() - back }
  const app = await createApp(config, { clock, log: createLog({ LOG_LEVEL: 'error' }) })
  await app.server.listen({ host: '127.0.0.1', port: 0 })
  const url = `http://localhost:${(app.server.server.address() as AddressInfo).port}`
  const { api_key: apiKey } = await createClient({ baseUrl: url }).accounts.register({ body: person })
  const client = createClient({ baseUrl: url, apiKey })

  const images: string[] = []
  for (const [n, { bytes, filename, title }] of prints.entries()) {
    back = Math.round(days * daySeconds * 1000 * (1 - (n + 1) / prints.length) ** 1.6)
    const file = new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })
    const { id } = await client.upload(file, { filename, ...(n % 3 === 2 && { title }) })
    images.unshift(id)
  }
  back = 0
  const album = await hang(client, images)
  const links = await shareSome(client, images, album)
  return {
    url,
    ...person,
    images,
    album,
    ...links,
    async tidy() {
      const { items } = await client.images.list({ query: { limit: 20 } })
      for (const { id } of items) if (!images.includes(id)) await client.images.delete({ params: { id } })
    },
    async stop() {
      await app.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The albums; answers the id of the first. */
async function hang(client: Client, images: readonly string[]): Promise<string> {
  const ids: string[] = []
  for (const [n, name] of albumNames.entries()) {
    const { id } = await client.albums.create({ body: { name, ...(n === 0 && { visibility: 'unlisted' as const }) } })
    await client.albums.change({ params: { album: id }, body: { add: images.slice(n * 14, n * 14 + 14) } })
    ids.push(id)
  }
  return ids[0]!
}

async function shareSome(client: Client, images: readonly string[], album: string) {
  const [first, second, third, ...rest] = images as [string, string, string, ...string[]]
  const now = Math.floor(Date.now() / 1000)
  const body = { name: 'Anna', expires_at: now + 6 * daySeconds, max_views: 5 }
  const { slug: share } = await client.shares.create({ params: { id: first }, body })
  await client.shares.create({ params: { id: first }, body: { name: 'Print shop', password: 'tulip' } })
  await client.shares.create({ params: { id: second }, body: { name: 'Ben', expires_at: now + 20 * daySeconds } })
  const { slug: drop } = await client.drops.create({ params: { album }, body: { name: 'Everybody who was there' } })
  await client.images.update({ params: { id: third }, body: { visibility: 'private', tags: ['family', 'spain'] } })
  await client.images.update({ params: { id: second }, body: { expires_at: now + 9 * daySeconds } })
  for (const id of rest.slice(-4)) await client.trash.put({ params: { id } })
  return { share, drop }
}

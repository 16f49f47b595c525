import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@imagehost/client'
import { createSqliteStore } from '../packages/server/src/infrastructure/sqlite/store.ts'
import { fillStore } from './collection.ts'
import { type Site, startSite } from './site.ts'

export interface CollectedSite extends Site {
  username: string
  password: string
}

const person = { username: 'anna', password: 'long enough for a measurement' }
const newest = Date.UTC(2026, 10, 1) / 1000
const span = 10 * 365 * 86_400
const ratios = [1.5, 0.667, 1.333, 1.778, 0.75, 1]

/** A server with an account that took so many pictures in ten years; their bytes are not there. */
export async function startCollectedSite(images: number): Promise<CollectedSite> {
  const directory = await mkdtemp(join(tmpdir(), 'imagehost-bench-'))
  const env = { DATA_DIR: directory, RATE_READ: '100000000' }
  const empty = await startSite(env)
  const { api_key: apiKey } = await createClient({ baseUrl: empty.url }).accounts.register({ body: person })
  const { uid } = await createClient({ baseUrl: empty.url, apiKey }).accounts.me()
  await empty.stop()
  const store = await createSqliteStore({ directory })
  await fillStore(
    store,
    () => uid,
    { images },
    (n) => ({
      createdAt: Math.floor(newest - (n / images) * span),
      width: Math.round(4_000 * ratios[n % ratios.length]!),
    }),
  )
  await store.close()
  const site = await startSite(env)
  return {
    ...site,
    ...person,
    async stop() {
      await site.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRedisStore } from '../packages/server/src/infrastructure/redis/store.ts'
import { createSqliteStore } from '../packages/server/src/infrastructure/sqlite/store.ts'
import type { MetadataStore } from '../packages/server/src/ports/metadata-store.ts'
import { begun, draft, image, ownerUid } from '../packages/server/src/ports/samples.ts'
import { startRedis } from '../scripts/redis/start-redis.ts'

/** CPU of this process and calls per second of what the metadata stores do most, at so many callers at once. */
const callers = 8
const seconds = 2
/** In one account, so that a page of it shows what its place costs. */
const images = 20_000

const directory = await mkdtemp(join(tmpdir(), 'imagehost-bench-'))
const redis = await startRedis()
await measureAll(await createSqliteStore({ directory }))
await measureAll(await createRedisStore({ url: redis.url }))
await redis.stop()
await rm(directory, { recursive: true })

async function measureAll(store: MetadataStore): Promise<void> {
  for (let n = 0; n < images; n += 500) await Promise.all(Array.from({ length: 500 }, (_, at) => upload(n + at)))
  const middle = { createdAt: 1_000, id: 'img_15000' }
  const accounts = 1_000

  await measure('find', (n) => store.images.find(`img_${n % images}`))
  await measure('list 50, first page', () => store.imageIndex.list(ownerUid, { limit: 50 }))
  await measure('list 50, in the middle', () => store.imageIndex.list(ownerUid, { limit: 50, after: middle }))
  const limits = { maxDrafts: 100_000, reserveBytes: 1, maxBytes: 1e12 }
  await measure('uploads.create', (n) => store.uploads.create(owned(`img_c${n}`, n), limits))
  await measure('whole upload', async (n) => {
    const { ownerUid: uid, ...rest } = owned(`img_u${n}`, n)
    await store.uploads.create({ ...rest, ownerUid: uid, staged: false }, limits, 1)
    await store.images.commit(image(rest.id, { ownerUid: uid }), { id: rest.id, ownerUid: uid, fence: 1 })
  })
  await store.close()

  function owned(id: string, n: number) {
    return draft(id, { ownerUid: `u_${n % accounts}` })
  }

  async function upload(n: number): Promise<void> {
    const claim = await begun(store, `img_${n}`, { staged: false })
    await store.images.commit(image(`img_${n}`), claim)
  }

  async function measure(name: string, call: (n: number) => Promise<unknown>): Promise<void> {
    let calls = 0
    const before = process.cpuUsage()
    const end = performance.now() + seconds * 1_000
    const work = async () => {
      while (performance.now() < end) await call(calls++)
    }
    await Promise.all(Array.from({ length: callers }, work))
    const { user, system } = process.cpuUsage(before)
    const result = { engine: store.engine, name, callers, perSecond: Math.round(calls / seconds) }
    console.log(JSON.stringify({ ...result, cpuMicroseconds: Math.round((user + system) / calls) }))
  }
}

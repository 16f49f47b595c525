import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRedisStore } from '../../packages/server/src/infrastructure/redis/store.ts'
import { createSqliteStore } from '../../packages/server/src/infrastructure/sqlite/store.ts'
import type { ImageQuery } from '../../packages/server/src/ports/image-index.ts'
import { monthOf, secondsOfMonth } from '../../packages/server/src/ports/image-terms.ts'
import type { MetadataStore } from '../../packages/server/src/ports/metadata-store.ts'
import { startRedis } from '../../scripts/redis/start-redis.ts'
import { fillStore } from '../collection.ts'
import type { Result, Scenario } from '../result.ts'

const few = 100
const many = 100_000
const calls = 300
/** 2026, and so that both accounts have the same months, of which the larger one has more in each. */
const start = Date.UTC(2021, 0, 1) / 1000
const span = 5 * 365 * 86_400

export const scenario: Scenario = {
  summary:
    'pages of 50 in one account with 100 images and in one with 100,000: newest, of a month, of a tag, of a word',
  async run() {
    const directory = await mkdtemp(join(tmpdir(), 'imagehost-bench-'))
    const sqlite = await createSqliteStore({ directory })
    const results = await measureOn(sqlite, 'SQLite')
    await sqlite.close()
    await rm(directory, { recursive: true })
    const server = await startRedis({ appendonly: false })
    const redis = await createRedisStore({ url: server.url })
    results.push(...(await measureOn(redis, 'Redis')))
    await redis.close()
    await server.stop()
    return results
  },
}

async function measureOn(store: MetadataStore, engine: string): Promise<Result[]> {
  for (const [uid, images, first] of [['u_few', few, 0] as const, ['u_many', many, few] as const]) {
    const createdAt = (n: number) => start + Math.floor(((n - first) / images) * span)
    // Every second one has the tag, so that both accounts have a whole page of it.
    const more = (n: number) => ({ createdAt: createdAt(n), ...(n % 2 === 0 && { tags: ['summer'], title: 'Lake' }) })
    await fillStore(store, () => uid, { images, first }, more)
  }
  const month = secondsOfMonth(monthOf(start + span / 2))
  const pages: Record<string, Partial<ImageQuery>> = {
    newest: {},
    'of a month': month,
    'of a tag': { tag: 'summer' },
    'of a word': { word: 'lake' },
    'newest by when taken': { order: 'taken' },
  }
  const results: Result[] = []
  for (const [name, query] of Object.entries(pages)) {
    // A month of the small account has one or two images: both are asked for as many.
    const limit = name === 'of a month' ? 1 : 50
    const times = { few: [] as number[], many: [] as number[] }
    for (let call = 0; call < calls; call++) {
      for (const [size, uid] of [['few', 'u_few'] as const, ['many', 'u_many'] as const]) {
        const before = performance.now()
        await store.imageIndex.list(uid, { limit, ...query })
        times[size].push(performance.now() - before)
      }
    }
    const [ofFew, ofMany] = [median(times.few) * 1000, median(times.many) * 1000]
    const reference = { name: 'of 100 images', value: ofFew }
    results.push({
      work: `page of 100,000 images, ${name}, ${engine}`,
      unit: 'µs',
      ours: ofMany,
      reference,
      goal: { atMost: 2 },
    })
  }
  return results
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!

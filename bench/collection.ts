import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { createRedisStore } from '../packages/server/src/infrastructure/redis/store.ts'
import type { ImageRecord } from '../packages/server/src/ports/images.ts'
import type { MetadataStore } from '../packages/server/src/ports/metadata-store.ts'
import { photographRecord } from './photograph-record.ts'

export const idOf = (number: number): string => `img_${String(number).padStart(16, '0')}`

/** So many images, of ids that begin with this number. */
interface Filling {
  images: number
  first?: number
}

/** Puts images into an account, beside a server that may run, by SQL alone: a million takes seconds. */
export function fillSqlite(directory: string, ownerUid: string, { images, first = 0 }: Filling): void {
  const database = new DatabaseSync(join(directory, 'imagehost.db'), { timeout: 10_000 })
  const record = photographRecord(ownerUid, '')
  const { id: _, ownerUid: __, key: ___, sha256: ____, sourceSha256: _____, createdAt, ...same } = record
  const columns = Object.keys(same).map((field) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`))
  const values = Object.keys(same).map((field) => `:${field}`)
  database.exec('PRAGMA synchronous = OFF')
  database
    .prepare(
      `WITH RECURSIVE numbers (n) AS (SELECT :first UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :first + :images)
       INSERT INTO images (id, owner_uid, key, created_at, sha256, source_sha256, fence, ${columns.join(', ')})
       SELECT printf('img_%016d', n), :ownerUid, printf('uploads/%s/img_%016d/%s', :ownerUid, n, :filename),
         :createdAt + n, lower(hex(randomblob(32))), lower(hex(randomblob(32))), 1, ${values.join(', ')} FROM numbers`,
    )
    .run({ images, first, ownerUid, createdAt, ...same })
  database
    .prepare('INSERT INTO usage (owner_uid, images, bytes) VALUES (?, ?, ?)')
    .run(ownerUid, images, images * (record.size ?? 0))
  database.close()
}

const atOnce = 500

/** The same by way of the store, since its keys are its own affair. */
export async function fillRedis(url: string, ownerUidOf: (n: number) => string, filling: Filling): Promise<void> {
  const store = await createRedisStore({ url })
  await fillStore(store, ownerUidOf, filling)
  await store.close()
}

/** By uploads as they are committed; `more` adds to the record. */
export async function fillStore(
  store: MetadataStore,
  ownerUidOf: (n: number) => string,
  { images, first = 0 }: Filling,
  more: (n: number) => Partial<ImageRecord> = () => ({}),
): Promise<void> {
  for (let done = 0; done < images; done += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, images - done) }, (_, n) => first + done + n)
    await Promise.all(numbers.map(add))
  }

  async function add(n: number): Promise<void> {
    const image = photographRecord(ownerUidOf(n), idOf(n))
    const { id, ownerUid, key, filename, mime, createdAt, originalFilename = filename } = image
    const draft = { id, ownerUid, key, filename, mime, createdAt, originalFilename, expiresAt: createdAt + 3_600 }
    const limits = { maxDrafts: images, reserveBytes: 1 }
    await store.uploads.create({ ...draft, visibility: 'unlisted', staged: false }, limits, 1)
    await store.images.commit({ ...image, createdAt: createdAt + n, ...more(n) }, { id, ownerUid, fence: 1 })
  }
}

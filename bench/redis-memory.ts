import { randomBytes } from 'node:crypto'
import { createClient } from 'redis'
import { createRedisStore } from '../packages/server/src/infrastructure/redis/store.ts'
import type { ImageRecord } from '../packages/server/src/ports/images.ts'
import { startRedis } from '../scripts/redis/start-redis.ts'

/**
 * What an image costs in Redis over all keys, its views and its place in the collection included: 5 million have to fit
 * in 7 GiB. Each record has every field that an upload of a photograph fills.
 */
const images = 100_000
const atOnce = 1_000

for (const accounts of [1, 1_000]) {
  const redis = await startRedis({ appendonly: false })
  const store = await createRedisStore({ url: redis.url })
  const before = await usedMemory(redis.url)
  for (let done = 0; done < images; done += atOnce)
    await Promise.all(Array.from({ length: atOnce }, (_, n) => upload(`u_${letters((done + n) % accounts, 16)}`)))
  const bytes = (await usedMemory(redis.url)) - before
  console.log(JSON.stringify({ images, accounts, bytesPerImage: Math.round(bytes / images) }))
  await store.close()
  await redis.stop()

  async function upload(ownerUid: string): Promise<void> {
    const image = photograph(ownerUid)
    const { id, key, filename, mime, createdAt } = image
    const draft = { id, ownerUid, key, filename, mime, createdAt, originalFilename: image.originalFilename! }
    const limits = { maxDrafts: images, reserveBytes: 1 }
    const expiry = { expiresAt: createdAt + 3_600, visibility: 'unlisted', staged: false } as const
    await store.uploads.create({ ...draft, ...expiry }, limits, 1)
    await store.images.commit(image, { id, ownerUid, fence: 1 })
    await store.images.addViews(new Map([[id, 1_234]]))
  }
}

function photograph(ownerUid: string): ImageRecord {
  const id = `img_${letters(undefined, 16)}`
  return {
    id,
    ownerUid,
    key: `uploads/${ownerUid}/${id}/dsc-20260731-104512.jpg`,
    filename: 'dsc-20260731-104512.jpg',
    originalFilename: 'DSC_20260731_104512.JPG',
    mime: 'image/jpeg',
    createdAt: 1_785_000_000,
    views: 0,
    visibility: 'unlisted',
    size: 4_812_331,
    width: 6_000,
    height: 4_000,
    frames: 1,
    sha256: randomBytes(32).toString('hex'),
    sourceSha256: randomBytes(32).toString('hex'),
    thumbhash: randomBytes(24).toString('base64'),
    color: '#8a7b5c',
    takenAt: 1_784_900_000,
    camera: 'NIKON CORPORATION NIKON Z 6_2',
  }
}

function letters(number: number | undefined, length: number): string {
  return number === undefined
    ? randomBytes(length).toString('base64url').slice(0, length)
    : String(number).padStart(length, '0')
}

async function usedMemory(url: string): Promise<number> {
  const client = await createClient({ url }).connect()
  const info = await client.info('memory')
  await client.close()
  return Number(/used_memory:(\d+)/.exec(info)?.[1])
}

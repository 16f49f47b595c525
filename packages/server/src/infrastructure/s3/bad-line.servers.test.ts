import { randomBytes, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { BlobsUnavailable } from '../../ports/blob-store.ts'
import { systemClock } from '../../ports/clock.ts'
import { startTestBadLine } from './start-test-bad-line.ts'
import { createS3Store } from './store.ts'

const { endpoint, region, accessKeyId, secretAccessKey } = inject('s3')
const credentials = { accessKeyId, secretAccessKey }
const bucket = `line-${randomUUID()}`
const place = { bucket, region, forcePathStyle: true, clock: systemClock, credentials: async () => credentials }
const sound = createS3Store({ ...place, endpoint })
const bytes = randomBytes(2_000_000)
const put = { contentType: 'image/png', size: bytes.length }
let line: Awaited<ReturnType<typeof startTestBadLine>>

beforeAll(async () => {
  await new S3Client({ endpoint, region, forcePathStyle: true, credentials }).send(
    new CreateBucketCommand({ Bucket: bucket }),
  )
  line = await startTestBadLine(endpoint)
})
afterAll(() => line.stop())

it('stores nothing of bytes that broke off on the way, and says that it is unavailable', async () => {
  line.breakAfter({ sent: 1_000_000, received: Infinity })
  const store = createS3Store({ ...place, endpoint: line.endpoint })
  await expect(store.put('a', bytes, put)).rejects.toThrow(BlobsUnavailable)
  await expect(store.put('b', Readable.from([bytes], { objectMode: false }), put)).rejects.toThrow(BlobsUnavailable)
  expect(await sound.stat('a')).toBeUndefined()
  expect(await sound.stat('b')).toBeUndefined()
})

it('lets its source go when the bytes can not be stored', async () => {
  line.breakAfter({ sent: 100_000, received: Infinity })
  const store = createS3Store({ ...place, endpoint: line.endpoint })
  const source = Readable.from(endless(), { objectMode: false })
  await expect(store.put('c', source, { ...put, size: 1e9 })).rejects.toThrow(BlobsUnavailable)
  await expect.poll(() => source.destroyed, { timeout: 10_000 }).toBe(true)
})

it('gives no half of a blob for the whole', async () => {
  await sound.put('d', bytes, put)
  line.breakAfter({ sent: Infinity, received: 1_000_000 })
  const store = createS3Store({ ...place, endpoint: line.endpoint })
  await expect(store.read('d', bytes.length)).rejects.toThrow(BlobsUnavailable)
  await expect(buffer((await store.open('d'))!.stream)).rejects.toThrow()
})

it('does not know whether a write whose answer was lost has happened, and does not pretend to', async () => {
  line.breakAfter({ sent: Infinity, received: 0 })
  const store = createS3Store({ ...place, endpoint: line.endpoint })
  await expect(store.put('e', Readable.from([bytes], { objectMode: false }), put)).rejects.toThrow(BlobsUnavailable)
  await expect(store.delete('e')).rejects.toThrow(BlobsUnavailable)
})

it('is unavailable where nobody listens', async () => {
  const store = createS3Store({ ...place, endpoint: 'http://127.0.0.1:1' })
  await expect(store.ping()).rejects.toThrow(BlobsUnavailable)
  await expect(store.read('a', 1)).rejects.toThrow(BlobsUnavailable)
  await expect(store.stat('a')).rejects.toThrow(BlobsUnavailable)
  await expect(store.put('a', bytes, put)).rejects.toThrow(BlobsUnavailable)
})

async function* endless() {
  for (;;) yield Buffer.alloc(65_536)
}

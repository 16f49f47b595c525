import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { type RequestOptions, request } from 'node:http'
import { CreateBucketCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import type { S3Keys } from '../../../../../scripts/s3/start-s3.ts'
import { blobListLaw, blobStoreLaw } from '../../ports/blob-store.conformance.ts'
import { BlobsUnavailable } from '../../ports/blob-store.ts'
import { type Clock, systemClock } from '../../ports/clock.ts'
import { createS3Store } from './store.ts'

const bucket = `law-${randomUUID()}`
const twoHoursBehind: Clock = { now: () => Date.now() - 7_200_000 }
const server = inject('s3')
const { guest, endpoint, region, accessKeyId, secretAccessKey } = server
const admin = new S3Client({
  endpoint,
  region,
  forcePathStyle: true,
  credentials: { accessKeyId, secretAccessKey },
})

/** As the deploy guide of the Flask project says: an image host may put, get and delete, and no more. */
const policy = (principal: unknown, actions: string[], resource: string) => ({
  Effect: 'Allow',
  Principal: principal,
  Action: actions,
  Resource: [`arn:aws:s3:::${bucket}/${resource}`],
})
const guestPolicy = policy(
  { AWS: ['arn:aws:iam:::user/guest'] },
  ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
  '*',
)
const setPolicy = (...statements: unknown[]) =>
  admin.send(
    new PutBucketPolicyCommand({
      Bucket: bucket,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
    }),
  )

beforeAll(async () => {
  await admin.send(new CreateBucketCommand({ Bucket: bucket }))
  await setPolicy(guestPolicy)
})

const storeOf = (keys: S3Keys, options: { clock?: Clock; onRequest?: (name: string) => void; bucket?: string } = {}) =>
  createS3Store({
    bucket,
    region: server.region,
    endpoint: server.endpoint,
    forcePathStyle: true,
    clock: systemClock,
    credentials: async () => keys,
    ...options,
  })

describe('the law, for the owner of the bucket', () => {
  for (const [promise, check] of Object.entries({ ...blobStoreLaw, ...blobListLaw })) {
    it(promise, () => check({ blobs: storeOf(server), twoHoursAgo: storeOf(server, { clock: twoHoursBehind }) }))
  }
})

describe('the law, for a user who may only put, get and delete', () => {
  for (const [promise, check] of Object.entries(blobStoreLaw)) {
    it(promise, () => check({ blobs: storeOf(guest), twoHoursAgo: storeOf(guest, { clock: twoHoursBehind }) }))
  }

  it('may not list', async () => {
    await expect(Array.fromAsync(storeOf(guest).list(''))).rejects.toThrow(BlobsUnavailable)
  })
})

it('keeps the type that a blob was put with', async () => {
  const store = storeOf(server)
  await store.put('typed', Buffer.from('x'), { contentType: 'image/webp', size: 1 })
  expect(await store.stat('typed')).toEqual({ size: 1, contentType: 'image/webp' })
})

it('takes wrong keys and a missing bucket for what they are, not for the absence of every image', async () => {
  const wrongSecret = storeOf({ ...guest, secretAccessKey: 'wrong' })
  const nobody = storeOf({ accessKeyId: 'nobody', secretAccessKey: 'wrong' })
  for (const store of [wrongSecret, nobody]) {
    await expect(store.read('a', 1)).rejects.toThrow(BlobsUnavailable)
    await expect(store.stat('a')).rejects.toThrow(BlobsUnavailable)
    await expect(store.put('a', Buffer.from('x'), { contentType: 'image/png', size: 1 })).rejects.toThrow(
      BlobsUnavailable,
    )
    await expect(store.ping()).rejects.toThrow(BlobsUnavailable)
  }
  const elsewhere = storeOf(server, { bucket: 'no-such-bucket' })
  await expect(elsewhere.read('a', 1)).rejects.toThrow(BlobsUnavailable)
  await expect(elsewhere.ping()).rejects.toThrow(BlobsUnavailable)
})

it('presigns for buckets that are host names too', async () => {
  const store = createS3Store({
    bucket,
    region,
    endpoint: endpoint.replace('127.0.0.1', 's3.localhost'),
    forcePathStyle: false,
    clock: systemClock,
    credentials: async () => guest,
  })
  const { url, headers } = await store.presignPut('host/a.png', {
    contentType: 'image/png',
    size: 1,
    expiresInSeconds: 60,
  })
  expect(new URL(url).hostname).toBe(`${bucket}.s3.localhost`)
  expect(await statusOf(url, { method: 'PUT', headers: { ...headers, 'content-length': '1' } }, 'x')).toBe(200)
  const address = await store.presignGet('host/a.png', { contentType: 'image/png', expiresInSeconds: 60 })
  expect(await statusOf(address, { method: 'GET' })).toBe(200)
})

/** No name server knows this host; fetch could not be told where it is. */
async function statusOf(url: string, options: RequestOptions, body = ''): Promise<number | undefined> {
  const pinned = { ...options, hostname: '127.0.0.1', headers: { host: new URL(url).host, ...options.headers } }
  const [response] = await once(request(url, pinned).end(body), 'response')
  response.resume()
  return response.statusCode
}

it('sees whether anybody can read uploads, and leaves nothing of the attempt', async () => {
  const store = storeOf(server)
  expect(await store.isPubliclyReadable()).toBe(false)
  await setPolicy(guestPolicy, policy('*', ['s3:GetObject'], 'uploads/*'))
  expect(await store.isPubliclyReadable()).toBe(true)
  expect(await storeOf(guest).isPubliclyReadable()).toBe(true)
  await setPolicy(guestPolicy)
  expect(await store.isPubliclyReadable()).toBe(false)
  expect(await Array.fromAsync(store.list('uploads/'))).toEqual([])
})

it('sees that writes can depend on nothing being there', async () => {
  expect(await storeOf(guest).hasConditionalWrites()).toBe(true)
})

it('tells of each request as it goes out, and presigning is none', async () => {
  const requests: string[] = []
  const store = storeOf(server, { onRequest: (name) => requests.push(name) })
  await store.put('counted', Buffer.from('x'), { contentType: 'image/png', size: 1 })
  await store.read('counted', 1)
  await store.presignGet('counted', { contentType: 'image/png', expiresInSeconds: 60 })
  await store.presignPut('counted', { contentType: 'image/png', expiresInSeconds: 60 })
  await store.stat('counted')
  await store.delete('counted')
  expect(requests).toEqual(['PutObject', 'GetObject', 'HeadObject', 'DeleteObject'])
})

it('is unavailable within two seconds while the server is frozen, and recovers by itself', async () => {
  const store = storeOf(server)
  await store.ping()
  process.kill(-server.pid, 'SIGSTOP')
  try {
    const started = performance.now()
    await expect(store.ping()).rejects.toThrow(BlobsUnavailable)
    expect(performance.now() - started).toBeLessThan(3_000)
  } finally {
    process.kill(-server.pid, 'SIGCONT')
  }
  await expect
    .poll(
      () =>
        store.ping().then(
          () => 'back',
          () => 'away',
        ),
      { timeout: 20_000 },
    )
    .toBe('back')
})

import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Client } from '@imagehost/client'
import { expect, inject, test } from 'vitest'
import { ConfigError } from './config.ts'
import { systemClock } from './ports/clock.ts'
import { createBucket } from './testing/create-bucket.ts'
import { pictures } from './testing/pictures.ts'
import { startTestApp } from './testing/start-test-app.ts'
import { sha256 } from './testing/uploader.ts'

/** The API with bytes in a real bucket: of its owner, and of a user with the rights of the Flask project's policy. */
const s3 = inject('s3')
const secret = { SECRET_KEY: 'of these tests, and of nothing else' }
const houses = [
  { records: 'SQLite', user: 'guest', env: {} },
  { records: 'SQLite', user: 'owner', env: {} },
  { records: 'Redis', user: 'guest', env: { REDIS_URL: `${inject('redisUrl')}/2` } },
  { records: 'Redis Cluster', user: 'owner', env: { REDIS_CLUSTER_URLS: inject('redisClusterUrls').join(',') } },
] as const

test.for(houses)('$records, S3 as $user: from the account to the deletion', async ({ env, user }) => {
  const bucket = await createBucket(s3, user)
  const requests: string[] = []
  const app = await startTestApp(
    { ...env, ...bucket.env, ...secret },
    { clock: systemClock, onStorageRequest: (name) => requests.push(name) },
  )
  const during = async <T>(work: () => Promise<T>): Promise<[T, string[]]> => {
    requests.length = 0
    const result = await work()
    return [result, [...requests]]
  }
  try {
    const credentials = { username: `anna-${randomUUID().slice(0, 8)}`, password: 'a long and good one' }
    await app.client().accounts.register({ body: credentials })
    const { api_key: apiKey } = await app.client().accounts.login({ body: credentials })
    const client = app.client(apiKey)
    const bytes = await pictures.jpegWithGps({ width: 400, height: 300 })

    const [upload, forRequest] = await during(() =>
      client.uploads.request({ body: { filename: 'Katze.JPG', mime_type: 'image/jpeg', size: bytes.length } }),
    )
    expect(new URL(upload.presigned_url).origin).toBe(s3.endpoint)
    // The Flask project's page and command send the type and no other header.
    const headers = { 'content-type': 'image/jpeg' }
    const put = await fetch(upload.presigned_url, { method: 'PUT', headers, body: new Uint8Array(bytes) })
    expect(put.status).toBe(200)
    const [image, forComplete] = await during(() => client.uploads.complete({ body: { iid: upload.iid } }))
    expect([...forRequest, ...forComplete]).toEqual(['GetObject', 'PutObject', 'DeleteObject'])
    expect(image.source_sha256).toBe(sha256(bytes))
    const { delete_url: _, ...listed } = image
    expect((await client.images.list()).items).toEqual([listed])

    const location = (await client.images.redirect({ params: { id: image.id } })).headers.get('location')
    const [again, forRedirect] = await during(() => client.images.redirect({ params: { id: image.id } }))
    expect(forRedirect).toEqual([])
    expect(again.status).toBe(302)
    expect(again.headers.get('location')).toBe(location)
    const followed = await fetch(location!)
    expect(followed.headers.get('content-type')).toBe('image/jpeg')
    expect(sha256(await followed.arrayBuffer())).toBe(image.sha256)

    const [served, forBytes] = await during(() => client.delivery.bytes({ params: { file: `${image.id}.jpg` } }))
    expect(sha256(await served.arrayBuffer())).toBe(image.sha256)
    expect(forBytes).toEqual(['GetObject'])
    // In memory from the second reading on.
    await client.delivery.bytes({ params: { file: image.id } })
    const [, forHotBytes] = await during(() => client.delivery.bytes({ params: { file: image.id } }))
    expect(forHotBytes).toEqual([])

    const [deleted, forDeletion] = await during(() => client.images.delete({ params: { id: image.id } }))
    expect(deleted).toEqual({ status: 'deleted', id: image.id })
    // The image, its label, and the two variants that it may have without a record of them.
    expect(forDeletion).toEqual(Array(4).fill('DeleteObject'))
    await expectGone(client, image.id)
    expect((await fetch(location!)).status).toBe(user === 'guest' ? 403 : 404)
  } finally {
    await app.stop()
  }
})

test('what was never PUT is not found, also where a missing object is answered 403', async () => {
  const app = await startTestApp((await createBucket(s3, 'guest')).env, { clock: systemClock })
  const { client } = await app.user()
  const { iid } = await client.uploads.request({ body: { filename: 'a.jpg', mime_type: 'image/jpeg' } })
  await expect(client.uploads.complete({ body: { iid } })).rejects.toMatchObject({ code: 'not_found' })
  await app.stop()
})

test('a bucket that anybody can read takes no private image, and all others', async () => {
  const bucket = await createBucket(s3, 'guest')
  await bucket.publish()
  const app = await startTestApp(bucket.env, { clock: systemClock })
  const { client } = await app.user()
  const body = { filename: 'a.jpg', mime_type: 'image/jpeg' }
  await expect(client.uploads.request({ body: { ...body, visibility: 'private' } })).rejects.toMatchObject({
    code: 'storage_public',
    status: 409,
  })
  expect((await client.uploads.request({ body: { ...body, visibility: 'unlisted' } })).iid).toMatch(/^img_/)
  await app.stop()
})

test('a bucket that is not there, or wrong keys, are told at the start', async () => {
  const { env } = await createBucket(s3)
  for (const wrong of [{ AWS_S3_BUCKET_NAME: 'no-such-bucket' }, { AWS_SECRET_ACCESS_KEY: 'wrong' }]) {
    const starting = startTestApp({ ...env, ...wrong })
    await expect(starting).rejects.toThrow(ConfigError)
    await expect(starting).rejects.toThrow(/^AWS_S3_BUCKET_NAME: .* does not answer or refuses/)
  }
})

test('a store that ignores conditions of writes is refused at the start', async () => {
  const careless = createServer((request, response) => request.resume().on('end', () => response.end()))
  await once(careless.listen(0, '127.0.0.1'), 'listening')
  const { env } = await createBucket(s3)
  const endpoint = `http://127.0.0.1:${(careless.address() as AddressInfo).port}`
  await expect(startTestApp({ ...env, AWS_ENDPOINT_URL_S3: endpoint })).rejects.toThrow(/ignores If-None-Match/)
  careless.closeAllConnections()
  careless.close()
})

async function expectGone(client: Client, id: string): Promise<void> {
  await expect(client.images.redirect({ params: { id } })).rejects.toMatchObject({ code: 'not_found' })
  await expect(client.delivery.bytes({ params: { file: id } })).rejects.toMatchObject({ code: 'not_found' })
  expect((await client.images.list()).items).toEqual([])
}

import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  GetBucketLifecycleConfigurationCommand,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { systemClock } from '../packages/server/src/ports/clock.ts'
import { createBucket, type TestBucket } from '../packages/server/src/testing/create-bucket.ts'
import { pictures } from '../packages/server/src/testing/pictures.ts'
import { startTestApp, type TestApp, type TestUser } from '../packages/server/src/testing/start-test-app.ts'
import { createUploader, sha256 } from '../packages/server/src/testing/uploader.ts'
import { root } from './testing/shell.ts'

/** The files that docs/deploy.md gives to `aws`, on a real S3 server: what they allow is enough, and no more than they say. */
const s3 = inject('s3')
const { endpoint, region, accessKeyId, secretAccessKey, guest } = s3
const admin = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
const fileOf = (name: string) => readFileSync(path.join(root, 'deploy/s3', name), 'utf8')

let bucket: TestBucket
let app: TestApp
let user: TestUser

beforeAll(async () => {
  bucket = await createBucket(s3)
  const Bucket = bucket.name
  const policy = JSON.parse(fileOf('policy.json').replaceAll('your-bucket-name', Bucket))
  // In a role of IAM the principal is the role; in a policy of the bucket it has to be named.
  for (const statement of policy.Statement) statement.Principal = { AWS: ['arn:aws:iam:::user/guest'] }
  await admin.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) }))
  await admin.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: JSON.parse(fileOf('cors.json')) }))
  const keys = { AWS_ACCESS_KEY_ID: guest.accessKeyId, AWS_SECRET_ACCESS_KEY: guest.secretAccessKey }
  app = await startTestApp({ ...bucket.env, ...keys }, { clock: systemClock })
  user = await app.user()
})
afterAll(() => app.stop())

test('with the policy alone a picture comes, is seen, has its sizes, and goes', async () => {
  const uploader = createUploader({ url: 'http://images.test', apiKey: user.apiKey, fetch: reaching })
  const id = await uploader.stage(await pictures.jpegWithGps({ seed: 1 }))
  const completed = await uploader.complete(id)
  expect(completed.status).toBe(201)
  const { sha256: expected, key } = await completed.json()
  expect(sha256(await (await app.fetch(`http://images.test/i/${id}`)).arrayBuffer())).toBe(expected)
  expect((await app.fetch(`http://images.test/i/${id}?preset=small`)).status).toBe(200)
  // Nobody reads it past the server.
  expect((await fetch(`${endpoint}/${bucket.name}/${key}`)).status).toBe(403)
  await user.client.images.delete({ params: { id } })
  expect((await app.fetch(`http://images.test/i/${id}`)).status).toBe(404)
  await expect(Array.fromAsync(app.blobs.list(''))).rejects.toThrow()
})

/** The server in this process, and the storage where it is. */
const reaching: typeof fetch = (input, init) =>
  String(input).startsWith('http://images.test') ? app.fetch(input, init) : fetch(input, init)

test('by the CORS rules the page may send there, and no other site', async () => {
  const draft = await user.client.uploads.request({ body: { filename: 'a.png', mime_type: 'image/png' } })
  const preflight = (origin: string) =>
    fetch(draft.presigned_url, {
      method: 'OPTIONS',
      headers: {
        origin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': Object.keys(draft.headers).join(',').toLowerCase(),
      },
    })
  const own = await preflight('https://img.example.org')
  expect([own.status, own.headers.get('access-control-allow-origin')]).toEqual([200, 'https://img.example.org'])
  expect((await preflight('https://evil.example')).headers.get('access-control-allow-origin')).toBeNull()
})

test('behind the block of public access nobody opens an object by a header that the address does not sign', async () => {
  const blocked = await createBucket(s3)
  // Ceph 16.2 takes BlockPublicAcls for a ban on every PUT; what keeps objects closed is IgnorePublicAcls.
  const PublicAccessBlockConfiguration = { ...JSON.parse(fileOf('public-access-block.json')), BlockPublicAcls: false }
  await admin.send(new PutPublicAccessBlockCommand({ Bucket: blocked.name, PublicAccessBlockConfiguration }))
  const owned = await startTestApp(blocked.env, { clock: systemClock })
  const draft = await (await owned.user()).client.uploads.request({
    body: { filename: 'a.png', mime_type: 'image/png' },
  })
  const headers = { ...draft.headers, 'x-amz-acl': 'public-read' }
  expect((await fetch(draft.presigned_url, { method: 'PUT', headers, body: 'bytes' })).status).toBe(200)
  const { origin, pathname } = new URL(draft.presigned_url)
  expect((await fetch(origin + pathname)).status).toBe(403)
  await owned.stop()
})

test('what nobody completed ends by the lifecycle, later than its presigned address does', async () => {
  const configuration = JSON.parse(fileOf('lifecycle.json'))
  await admin.send(
    new PutBucketLifecycleConfigurationCommand({ Bucket: bucket.name, LifecycleConfiguration: configuration }),
  )
  const { Rules } = await admin.send(new GetBucketLifecycleConfigurationCommand({ Bucket: bucket.name }))
  expect(Rules).toMatchObject([{ Status: 'Enabled', Filter: { Prefix: 'incoming/' }, Expiration: { Days: 8 } }])
})

test('the policy is the one of the README', () => {
  const policy = JSON.parse(fileOf('policy.json'))
  const [, block] = /```json\n([\s\S]*?)```/.exec(readFileSync(path.join(root, 'README.md'), 'utf8'))!
  expect(JSON.parse(block!)).toEqual(policy)
})

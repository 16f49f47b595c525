import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { assert, asyncProperty, constantFrom, date, integer, option, record, string } from 'fast-check'
import { expect, it } from 'vitest'
import { BlobsUnavailable } from '../../ports/blob-store.ts'
import { bucketUrlOf } from './bucket-url.ts'
import { type Credentials, createPresigner } from './presigner.ts'

const places = [
  { bucket: 'pictures', region: 'us-east-1', forcePathStyle: false },
  { bucket: 'pictures', region: 'eu-central-1', forcePathStyle: true },
  { bucket: 'my.pictures', region: 'eu-central-1', forcePathStyle: false },
  { bucket: 'pictures', region: 'cn-north-1', forcePathStyle: false },
  { bucket: 'pictures', region: 'us-east-1', endpoint: 'http://127.0.0.1:9000', forcePathStyle: true },
  { bucket: 'pictures', region: 'auto', endpoint: 'https://s3.example:8443/some/path', forcePathStyle: true },
  { bucket: 'pictures', region: 'us-east-1', endpoint: 'http://s3.example:9000', forcePathStyle: false },
]

const permanent = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY' }
const session = { ...permanent, sessionToken: 'FwoGZXIvYXdzE+/==token' }
const at = (iso: string) => ({ now: () => Date.parse(iso) })

it('makes the addresses of the SDK, byte for byte', async () => {
  const input = record({
    place: constantFrom(...places),
    credentials: constantFrom<Credentials>(permanent, session),
    key: constantFrom('a', 'uploads/u_1/img_2/my-cat_1.v2.png', "u/It's Grüße (1)!*+?#%41.png"),
    contentType: constantFrom('image/png', 'image/svg+xml;  charset=utf-8 ', 'application/octet-stream'),
    size: option(integer({ min: 0, max: 1e9 }), { nil: undefined }),
    contentDisposition: option(
      string({ unit: 'grapheme', minLength: 1 }).map((name) => `inline; filename="${name}"`),
      { nil: undefined },
    ),
    expiresInSeconds: integer({ min: 301, max: 604_500 }),
    now: date({ min: new Date('2020-01-01'), max: new Date('2099-01-01'), noInvalidDate: true }),
  })
  await assert(
    asyncProperty(
      input,
      async ({ place, credentials, key, contentType, size, contentDisposition, expiresInSeconds, now }) => {
        const client = new S3Client({
          ...place,
          credentials,
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        })
        const clock = { now: () => now.getTime() }
        const presigner = createPresigner({
          ...place,
          bucketUrl: bucketUrlOf(place),
          credentials: async () => credentials,
          clock,
        })
        const object = { Bucket: place.bucket, Key: key }

        const { url } = await presigner.presignPut(key, {
          contentType,
          expiresInSeconds,
          ...(size !== undefined && { size }),
        })
        const put = new PutObjectCommand({ ...object, ContentType: contentType, ContentLength: size })
        const signableHeaders = new Set(['host', 'content-type', 'content-length'])
        expect(url).toBe(
          await getSignedUrl(client, put, { expiresIn: expiresInSeconds, signingDate: now, signableHeaders }),
        )
        expect(url).not.toMatch(/x-amz-checksum/i)

        const disposition = contentDisposition?.replace(/[\u0000-\u001f\u007f]/g, '')
        const get = new GetObjectCommand({
          ...object,
          ResponseContentType: contentType,
          ResponseContentDisposition: disposition,
        })
        const signingDate = new Date(Math.floor(now.getTime() / 300_000) * 300_000)
        expect(
          await presigner.presignGet(key, {
            contentType,
            expiresInSeconds,
            ...(contentDisposition && { contentDisposition }),
          }),
        ).toBe(await getSignedUrl(client, get, { expiresIn: expiresInSeconds + 300, signingDate }))
      },
    ),
    { numRuns: 60 },
  )
})

const presignerWith = (credentials: () => Promise<Credentials>, iso = '2026-05-05T12:34:56Z') =>
  createPresigner({ bucketUrl: new URL('https://b.example/'), region: 'us-east-1', credentials, clock: at(iso) })

it('never signs past the end of a session', async () => {
  const presigner = presignerWith(async () => ({ ...session, expiration: new Date('2026-05-05T13:00:00Z') }))
  const { url, expiresAt } = await presigner.presignPut('a', { contentType: 'image/png', expiresInSeconds: 3600 })
  expect(expiresAt).toBe(Date.parse('2026-05-05T13:00:00Z') / 1000)
  expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('1504')
  const read = new URL(await presigner.presignGet('a', { contentType: 'image/png', expiresInSeconds: 3600 }))
    .searchParams
  expect(read.get('X-Amz-Date')).toBe('20260505T123000Z')
  expect(read.get('X-Amz-Expires')).toBe('1800')
})

it('signs nothing with a session that has ended', async () => {
  const presigner = presignerWith(async () => ({ ...session, expiration: new Date('2026-05-05T12:34:56Z') }))
  const put = presigner.presignPut('a', { contentType: 'image/png', expiresInSeconds: 60 })
  await expect(put).rejects.toThrow(BlobsUnavailable)
})

it('signs with the new credentials as soon as they have rotated', async () => {
  let current: Credentials = session
  const rotating = presignerWith(async () => current)
  const options = { contentType: 'image/png', expiresInSeconds: 60 }
  const before = await rotating.presignPut('a', options)
  current = { accessKeyId: session.accessKeyId, secretAccessKey: 'another secret', sessionToken: session.sessionToken }
  const after = await rotating.presignPut('a', options)
  expect(after.url).not.toBe(before.url)
  expect(after).toEqual(await presignerWith(async () => current).presignPut('a', options))
})

it('repeats an address for five minutes, and signs a short-lived one to the second', async () => {
  const addressAt = (iso: string, expiresInSeconds: number) =>
    presignerWith(async () => permanent, iso).presignGet('a', { contentType: 'image/png', expiresInSeconds })
  expect(await addressAt('2026-05-05T12:34:59Z', 3600)).toBe(await addressAt('2026-05-05T12:30:00Z', 3600))
  expect(await addressAt('2026-05-05T12:35:00Z', 3600)).not.toBe(await addressAt('2026-05-05T12:34:59Z', 3600))
  const short = new URL(await addressAt('2026-05-05T12:34:59Z', 300)).searchParams
  expect([short.get('X-Amz-Date'), short.get('X-Amz-Expires')]).toEqual(['20260505T123459Z', '300'])
})

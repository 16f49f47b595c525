import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { PutBucketLifecycleConfigurationCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { startRedis } from '../../../scripts/redis/start-redis.ts'
import { readConfig } from './config.ts'
import { contextOf } from './operation-context.ts'
import { operations } from './operations/operations.ts'
import { createBucket, type TestBucket } from './testing/create-bucket.ts'

const secret = { SECRET_KEY: 'of these tests, and of nothing else' }
let folder: string
/** Answers like a server that is reached under its public address. */
const site = createServer((_, response) => response.end('{"status":"ok"}'))
let publicUrl: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'imagehost-doctor-'))
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  publicUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
afterAll(async () => {
  site.close()
  await rm(folder, { recursive: true, force: true })
})

async function doctor(env: Record<string, string>, ...args: string[]) {
  const lines: string[] = []
  const config = readConfig({ DATA_DIR: folder, PUBLIC_URL: publicUrl, ...secret, ...env })
  const context = { ...contextOf(config), say: (line: string) => lines.push(line) }
  const isWell = await operations.doctor!.run(context, args)
  /** The lines about one subject, without it. */
  const of = (subject: string) => {
    const at = lines.findIndex((line) => line.slice(5).startsWith(subject))
    return at < 0 ? undefined : `${lines[at]!.slice(0, 4).trim()} ${lines[at]!.slice(24)}`
  }
  return { isWell, of, said: lines.join('\n') }
}

describe('the machine', () => {
  test('on which all is well is told so', async () => {
    const { isWell, said } = await doctor({})
    expect({ isWell, said }).toEqual({ isWell: true, said: expect.not.stringContaining('BAD') })
    expect(said).toContain(`${publicUrl} answers`)
  })

  test.each<[string, Record<string, string>, string, string]>([
    [
      'an address where nobody answers',
      { PUBLIC_URL: 'http://127.0.0.1:2' },
      'Address',
      'does not answer (ECONNREFUSED)',
    ],
    ['a proxy that is not believed', { PUBLIC_URL: 'https://img.invalid' }, 'Proxy', 'all visitors look like one'],
    ['a secret that is too short', { SECRET_KEY: 'short' }, 'Secret', 'the server does not start with it'],
  ])('with %s is told what to do', async (_, env, subject, words) => {
    const { isWell, of } = await doctor(env)
    expect(isWell).toBe(false)
    expect(of(subject)).toContain('BAD ')
    expect(of(subject)).toContain(words)
  })
})

test('a Redis that would lose images is told of, and put right when asked', async () => {
  const redis = await startRedis({ appendonly: false, settings: ['--hash-max-listpack-value', '64'] })
  const env = { REDIS_URL: redis.url }
  const found = await doctor(env)
  expect(found.isWell).toBe(false)
  expect(found.of('Redis durability')).toContain('BAD it keeps no append-only file')
  expect(found.said).toContain('redis-cli CONFIG SET appendonly yes && redis-cli CONFIG REWRITE')
  expect(found.of('Redis memory')).toContain('note')
  expect((await doctor(env, '--fix')).isWell).toBe(true)
  const after = await doctor(env)
  expect(after).toMatchObject({ isWell: true })
  expect(after.of('Redis durability')).toBe('ok it keeps an append-only file')
  expect(after.of('Redis memory')).toBe('ok records of images stay packed')
  await redis.stop()
})

describe('a bucket', () => {
  const subjects = [
    'Bucket uploads',
    'Bucket downloads',
    'Bucket clock',
    'Bucket deletion',
    'Bucket versions',
    'Bucket lock',
  ]

  test('that is as it should be but for what pages and uploads need is put right when asked', async () => {
    const { env } = await createBucket(inject('s3'))
    const found = await doctor(env)
    for (const subject of subjects)
      expect([subject, found.of(subject)]).toEqual([subject, expect.stringMatching(/^ok /)])
    expect(found.of('Bucket CORS')).toContain(`BAD pages of ${publicUrl} may not send bytes there`)
    expect(found.said).toContain(`"AllowedOrigins":["${publicUrl}"]`)
    expect((await doctor(env, '--fix')).isWell).toBe(true)
    const after = await doctor(env)
    expect(after.isWell).toBe(true)
    for (const subject of ['Bucket CORS', 'Bucket access', 'Bucket lifecycle'])
      expect([subject, after.of(subject)]).toEqual([subject, expect.stringMatching(/^ok /)])
  })

  test('that anybody can read is told of, and never closed, since links of people may lead there', async () => {
    const bucket = await createBucket(inject('s3'))
    await bucket.publish()
    const found = await doctor(bucket.env, '--fix')
    expect(found.isWell).toBe(false)
    expect(found.of('Bucket access')).toContain('BAD anybody can read uploads/')
    expect((await doctor(bucket.env)).of('Bucket access')).toContain('BAD anybody can read uploads/')
  })

  test('that keeps what people delete, or deletes what they keep, is told of', async () => {
    const bucket = await createBucket(inject('s3'))
    const client = clientOf(bucket)
    const Bucket = bucket.name
    await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }))
    const rule = { ID: 'all', Status: 'Enabled' as const, Filter: { Prefix: '' }, Expiration: { Days: 30 } }
    const LifecycleConfiguration = { Rules: [rule] }
    await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }))
    const found = await doctor(bucket.env, '--fix')
    expect(found.isWell).toBe(false)
    expect(found.of('Bucket versions')).toContain('BAD earlier versions are kept')
    expect(found.of('Bucket lifecycle')).toContain('BAD a rule deletes objects under ""')
  })

  test('whose settings may not be read by the server’s own rights still shows that it works', async () => {
    const { env } = await createBucket(inject('s3'), 'guest')
    const found = await doctor(env)
    for (const subject of ['Bucket uploads', 'Bucket downloads', 'Bucket deletion'])
      expect([subject, found.of(subject)]).toEqual([subject, expect.stringMatching(/^ok /)])
    expect(found.of('Bucket versions')).toContain('note these credentials may not look at it')
  })
})

function clientOf({ env }: TestBucket): S3Client {
  const [accessKeyId, secretAccessKey] = [env.AWS_ACCESS_KEY_ID!, env.AWS_SECRET_ACCESS_KEY!]
  const credentials = { accessKeyId, secretAccessKey }
  return new S3Client({
    endpoint: env.AWS_ENDPOINT_URL_S3!,
    region: env.AWS_REGION!,
    forcePathStyle: true,
    credentials,
  })
}

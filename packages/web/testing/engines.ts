import { inject } from 'vitest'
import { createBucket } from '../../server/src/testing/create-bucket.ts'

/** What a server may keep things in: journeys during which that could make a difference are made on both. */
export const engines = ['embedded', 'Redis and S3'] as const

/** Variables of a server on these; the number is that of a database in Redis that no other journeys use. */
export async function envOn(engine: (typeof engines)[number], database: number): Promise<Record<string, string>> {
  if (engine === 'embedded') return {}
  const bucket = await createBucket(inject('s3'))
  await bucket.openToPages()
  const REDIS_URL = `${inject('redisUrl')}/${database}`
  return { ...bucket.env, REDIS_URL, SECRET_KEY: 'of these tests, and of nothing else' }
}

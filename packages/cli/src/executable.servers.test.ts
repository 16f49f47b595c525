import { inject } from 'vitest'
import { createBucket } from '../../server/src/testing/create-bucket.ts'
import { describeExecutable } from './executable.conformance.ts'

describeExecutable('Redis and S3', async () => ({
  REDIS_URL: `${inject('redisUrl')}/5`,
  SECRET_KEY: 'of these tests, and of nothing else',
  ...(await createBucket(inject('s3'), 'guest')).env,
}))

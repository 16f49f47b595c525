import { randomUUID } from 'node:crypto'
import { CreateBucketCommand, PutBucketCorsCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3'
import type { S3Keys } from '../../../../scripts/s3/start-s3.ts'

export interface TestBucket {
  name: string
  /** What a server needs to know to use it. */
  env: Record<string, string>
  /** Lets anybody read what lies under `uploads/`, as a bucket for a web site does. */
  publish(): Promise<void>
  /** Lets pages of any site PUT there, by CORS. */
  openToPages(): Promise<void>
}

/** Where the tests' S3 server is, and who may come in. */
export interface TestStorage extends S3Keys {
  endpoint: string
  region: string
  guest: S3Keys
}

/** A new bucket; with `guest`, used by somebody who may put, get and delete and nothing else. */
export async function createBucket(s3: TestStorage, user: 'owner' | 'guest' = 'owner'): Promise<TestBucket> {
  const { endpoint, region, accessKeyId, secretAccessKey, guest } = s3
  const name = `test-${randomUUID()}`
  const admin = new S3Client({ endpoint, region, forcePathStyle: true, credentials: { accessKeyId, secretAccessKey } })
  const allow = (principal: unknown, actions: string[], resource: string) => ({
    Effect: 'Allow',
    Principal: principal,
    Action: actions,
    Resource: `arn:aws:s3:::${name}/${resource}`,
  })
  // The policy of the Flask project's deploy guide.
  const guestMay = allow(
    { AWS: ['arn:aws:iam:::user/guest'] },
    ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
    '*',
  )
  const setPolicy = (...statements: unknown[]) =>
    admin.send(
      new PutBucketPolicyCommand({
        Bucket: name,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: statements }),
      }),
    )

  await admin.send(new CreateBucketCommand({ Bucket: name }))
  if (user === 'guest') await setPolicy(guestMay)
  const keys = user === 'guest' ? guest : { accessKeyId, secretAccessKey }
  return {
    name,
    env: {
      AWS_S3_BUCKET_NAME: name,
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: region,
      S3_FORCE_PATH_STYLE: '1',
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
    },
    openToPages: async () => {
      const rule = { AllowedOrigins: ['*'], AllowedMethods: ['PUT', 'GET', 'HEAD'], AllowedHeaders: ['*'] }
      await admin.send(new PutBucketCorsCommand({ Bucket: name, CORSConfiguration: { CORSRules: [rule] } }))
    },
    publish: async () => {
      await setPolicy(guestMay, allow('*', ['s3:GetObject'], 'uploads/*'))
    },
  }
}

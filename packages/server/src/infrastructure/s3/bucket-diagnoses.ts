import {
  type CORSRule,
  GetBucketCorsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  GetObjectLockConfigurationCommand,
  GetPublicAccessBlockCommand,
  type LifecycleRule,
  type PublicAccessBlockConfiguration,
  PutBucketCorsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutPublicAccessBlockCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import type { Diagnosis } from '../../ports/diagnosis.ts'
import { isAnswer } from './s3-errors.ts'

/** Longer than any presigned address of ours works (a week is the most that S3 signs), so that no upload is taken away. */
const incomingDays = 8

type BucketSettings = ReturnType<typeof createBucketSettings>

/** The settings of a bucket, as far as these credentials may read and change them. */
export function createBucketSettings({ client, bucket }: { client: S3Client; bucket: string }) {
  const Bucket = bucket
  return {
    isVersioned: async () => {
      const { Status } = await client.send(new GetBucketVersioningCommand({ Bucket }))
      return Status !== undefined
    },
    isLocked: async () => {
      const found = await client
        .send(new GetObjectLockConfigurationCommand({ Bucket }))
        .catch(unless('ObjectLockConfigurationNotFoundError'))
      return found?.ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled'
    },
    accessBlock: async () => {
      const found = await client
        .send(new GetPublicAccessBlockCommand({ Bucket }))
        .catch(unless('NoSuchPublicAccessBlockConfiguration'))
      return found?.PublicAccessBlockConfiguration ?? {}
    },
    /**
     * Neither lists that objects carry nor policies open it any more. BlockPublicAcls stays as it is: Ceph 16.2 takes it for a ban on
     * every PUT, and lists that are ignored need no refusing.
     */
    blockAccess: async ({ BlockPublicAcls = false }: PublicAccessBlockConfiguration) => {
      const PublicAccessBlockConfiguration = {
        BlockPublicAcls,
        IgnorePublicAcls: true,
        BlockPublicPolicy: true,
        RestrictPublicBuckets: true,
      }
      await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }))
    },
    lifecycleRules: async (): Promise<LifecycleRule[]> => {
      const found = await client
        .send(new GetBucketLifecycleConfigurationCommand({ Bucket }))
        .catch(unless('NoSuchLifecycleConfiguration'))
      return found?.Rules ?? []
    },
    addLifecycle: async (rules: LifecycleRule[]) => {
      const Rules = [...rules, incomingRule]
      await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }))
    },
    /** How pages of this origin come to be allowed, beside what is allowed already. */
    allowPages: (origin: string): Pick<Diagnosis, 'cure' | 'fix'> => {
      const rule = corsRule(origin)
      return {
        cure: `aws s3api put-bucket-cors --bucket ${bucket} --cors-configuration '${JSON.stringify({ CORSRules: [rule] })}'`,
        fix: async () => {
          const found = await client.send(new GetBucketCorsCommand({ Bucket })).catch(unless('NoSuchCORSConfiguration'))
          const CORSRules = [...(found?.CORSRules ?? []), rule]
          await client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules } }))
        },
      }
    },
    bucket,
  }
}

export async function createBucketDiagnoses(
  settings: BucketSettings,
  { isPublic }: { isPublic: boolean },
): Promise<Diagnosis[]> {
  const looks: [string, () => Promise<Diagnosis>][] = [
    ['Bucket versions', () => versions(settings)],
    ['Bucket lock', () => lock(settings)],
    ['Bucket access', () => access(settings, isPublic)],
    ['Bucket lifecycle', () => lifecycle(settings)],
  ]
  return Promise.all(
    looks.map(async ([subject, look]): Promise<Diagnosis> => {
      try {
        return await look()
      } catch (error) {
        // The policy of a server needs no more than put, get and delete; other stores may not have the setting at all.
        const words = `these credentials may not look at it (${(error as Error).name}); ask with those of the bucket's owner`
        return { subject, state: 'note', words }
      }
    }),
  )
}

async function versions({ isVersioned, bucket }: BucketSettings): Promise<Diagnosis> {
  const subject = 'Bucket versions'
  if (!(await isVersioned())) return { subject, state: 'ok', words: 'no earlier versions are kept' }
  return {
    subject,
    state: 'bad',
    words: 'earlier versions are kept, or were: what people delete stays in the bucket',
    cure:
      `aws s3api put-bucket-versioning --bucket ${bucket} --versioning-configuration Status=Suspended, and a lifecycle rule ` +
      'with NoncurrentVersionExpiration of 1 day for what is there',
  }
}

async function lock({ isLocked }: BucketSettings): Promise<Diagnosis> {
  const subject = 'Bucket lock'
  if (!(await isLocked())) return { subject, state: 'ok', words: 'nothing keeps objects from being deleted' }
  const cure = 'Object lock cannot be turned off: use another bucket, and npm run migrate.'
  return { subject, state: 'bad', words: 'objects are locked: what people delete stays in the bucket', cure }
}

async function access({ accessBlock, blockAccess }: BucketSettings, isPublic: boolean): Promise<Diagnosis> {
  const subject = 'Bucket access'
  if (isPublic) {
    return {
      subject,
      state: 'bad',
      words: 'anybody can read uploads/: no image here can be private',
      // Links of the Flask project lead straight into the bucket: only its owner knows whether they may end.
      cure:
        'Take the public statement out of the bucket policy, once no link into the bucket is needed any more, and start the server ' +
        'again. Nothing is changed by --fix, since links that people have would end.',
    }
  }
  const block = await accessBlock()
  if (block.IgnorePublicAcls && block.BlockPublicPolicy && block.RestrictPublicBuckets) {
    return { subject, state: 'ok', words: 'nobody can read it, and no object or policy can open it' }
  }
  return {
    subject,
    state: 'note',
    words: 'nobody can read it, but an access list sent along with an upload could open that one object',
    cure: 'Block public access to the bucket: IgnorePublicAcls, BlockPublicPolicy and RestrictPublicBuckets.',
    fix: () => blockAccess(block),
  }
}

async function lifecycle({ lifecycleRules, addLifecycle }: BucketSettings): Promise<Diagnosis> {
  const subject = 'Bucket lifecycle'
  const found = await lifecycleRules()
  const taking = found.filter(({ Status, Expiration }) => Status === 'Enabled' && Expiration !== undefined)
  const wide = taking.filter((rule) => !prefixOf(rule).startsWith('incoming/'))
  if (wide.length > 0) {
    return {
      subject,
      state: 'bad',
      words: `a rule deletes objects under "${prefixOf(wide[0]!)}": images are among them`,
      cure: 'Take that rule away, or restrict it to incoming/.',
    }
  }
  if (taking.length > 0) return { subject, state: 'ok', words: 'unfinished uploads under incoming/ are cleaned up' }
  return {
    subject,
    state: 'note',
    words: 'no rule cleans up incoming/; the server does it by itself, as long as one runs',
    cure: `A rule that expires objects under incoming/ after ${incomingDays} days.`,
    fix: () => addLifecycle(found),
  }
}

const prefixOf = ({ Filter, Prefix }: LifecycleRule): string => Filter?.Prefix ?? Filter?.And?.Prefix ?? Prefix ?? ''

const incomingRule: LifecycleRule = {
  ID: 'imagehost: what nobody completed',
  Status: 'Enabled',
  Filter: { Prefix: 'incoming/' },
  Expiration: { Days: incomingDays },
}

const corsRule = (origin: string): CORSRule => ({
  AllowedOrigins: [origin],
  AllowedMethods: ['PUT', 'GET', 'HEAD'],
  AllowedHeaders: ['*'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: 3600,
})

/** What a bucket answers that has no such setting. */
const unless =
  (name: string) =>
  (error: unknown): undefined => {
    if (!isAnswer(error, [name])) throw error
  }

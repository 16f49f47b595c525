import type { S3Client } from '@aws-sdk/client-s3'
import { fromNodeProviderChain } from '@aws-sdk/credential-providers'
import { type BlobStore, BlobsUnavailable } from '../../ports/blob-store.ts'
import type { Clock } from '../../ports/clock.ts'
import { bucketUrlOf } from './bucket-url.ts'
import { createClient } from './client.ts'
import { type Credentials, createPresigner } from './presigner.ts'
import { createProbes, type Probes } from './probes.ts'
import { createReading } from './reading.ts'
import { createWriting } from './writing.ts'

export interface S3Dependencies {
  bucket: string
  region: string
  /** Absent: Amazon's own for the region. */
  endpoint?: string
  /** Where clients reach the same store, if that is elsewhere; presigned addresses lead there. */
  publicEndpoint?: string
  forcePathStyle: boolean
  clock: Clock
  /**
   * Absent: the SDK's default chain (environment, profile, web identity, container, instance role), which keeps what it
   * found and renews a session's credentials in the background from 5 minutes before their end.
   */
  credentials?: () => Promise<Credentials>
  /** Told the name of each request as it goes over the network. Presigning makes none. */
  onRequest?: (name: string) => void
}

type S3Store = BlobStore &
  Probes & {
    /** For who looks after the bucket itself. */
    client: S3Client
  }

/** Blobs in a bucket of Amazon S3 or of a store that speaks its protocol. */
export function createS3Store(dependencies: S3Dependencies): S3Store {
  const { bucket, endpoint, publicEndpoint = endpoint, credentials = fromNodeProviderChain() } = dependencies
  const client = createClient({ ...dependencies, credentials })
  const bucketUrl = bucketUrlOf({ ...dependencies, ...(publicEndpoint && { endpoint: publicEndpoint }) })
  const presigner = createPresigner({ ...dependencies, bucketUrl, credentials: available(credentials) })
  const reading = createReading({ client, bucket })
  const writing = createWriting({ client, bucket, stat: reading.stat })

  const store: BlobStore = {
    kind: 's3',
    ...reading,
    ...writing,
    ...presigner,
    async close() {
      client.destroy()
    },
  }
  return { ...store, ...createProbes({ store, bucketUrl }), client }
}

/** No credentials to be had is a fault of the surroundings, not of the request. */
const available = (credentials: () => Promise<Credentials>) => () =>
  credentials().catch((cause) => {
    throw new BlobsUnavailable('There are no credentials for the bucket', { cause })
  })

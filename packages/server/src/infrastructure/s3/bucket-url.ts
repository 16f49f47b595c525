import { S3Client } from '@aws-sdk/client-s3'

interface BucketAddress {
  bucket: string
  region: string
  endpoint?: string
  forcePathStyle: boolean
}

/**
 * Where the bucket is, by the SDK's own rules: regions with other domains, custom endpoints with a path, bucket names
 * that can't be host names. Without network.
 */
export function bucketUrlOf({ bucket, region, endpoint, forcePathStyle }: BucketAddress): URL {
  const { endpointProvider } = new S3Client({ region }).config
  const parameters = {
    Bucket: bucket,
    Region: region,
    ForcePathStyle: forcePathStyle,
    UseFIPS: false,
    UseDualStack: false,
  }
  return endpointProvider({ ...parameters, ...(endpoint && { Endpoint: endpoint }) }).url
}

import { createS3Store } from '../../packages/server/src/infrastructure/s3/store.ts'
import { blobListLaw, blobStoreLaw } from '../../packages/server/src/ports/blob-store.conformance.ts'
import { systemClock } from '../../packages/server/src/ports/clock.ts'

/**
 * Tells whether images can be kept in a store that says it speaks S3: `node scripts/s3/check.ts`, with the server's own
 * variables (AWS_S3_BUCKET_NAME, AWS_REGION, AWS_ENDPOINT_URL_S3, S3_FORCE_PATH_STYLE, credentials). Writes below `law/` and
 * `uploads/probe/` and removes it again where the credentials may list.
 */
const {
  AWS_S3_BUCKET_NAME: bucket,
  AWS_REGION: region = 'us-east-1',
  AWS_ENDPOINT_URL_S3: endpoint,
  S3_FORCE_PATH_STYLE,
} = process.env
if (!bucket) throw new Error('AWS_S3_BUCKET_NAME names the bucket to check')

const place = { bucket, region, forcePathStyle: S3_FORCE_PATH_STYLE === 'true', ...(endpoint && { endpoint }) }
const blobs = createS3Store({ ...place, clock: systemClock })
const twoHoursAgo = createS3Store({ ...place, clock: { now: () => Date.now() - 7_200_000 } })

await report('a write can depend on nothing being there', async () => {
  if (!(await blobs.hasConditionalWrites())) throw new Error('If-None-Match is ignored')
})
await report('strangers cannot read uploads', async () => {
  if (await blobs.isPubliclyReadable()) throw new Error('they can, so no image here can be private')
})
for (const [promise, check] of Object.entries({ ...blobStoreLaw, ...blobListLaw })) {
  await report(promise, () => check({ blobs, twoHoursAgo }))
}
await report('leaves nothing behind', async () => {
  for await (const { key } of blobs.list('law/')) await blobs.delete(key)
})

async function report(promise: string, check: () => Promise<void>): Promise<void> {
  try {
    await check()
    process.stdout.write(`ok      ${promise}\n`)
  } catch (error) {
    process.exitCode = 1
    process.stdout.write(`BROKEN  ${promise}: ${error instanceof Error ? error.message : error}\n`)
  }
}

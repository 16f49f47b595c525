import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { BlobsUnavailable } from '../../ports/blob-store.ts'
import { systemClock } from '../../ports/clock.ts'
import { type RoleCredentials, startTestMetadataService } from './start-test-metadata-service.ts'
import { createS3Store } from './store.ts'

beforeEach(() => {
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_PROFILE']) {
    vi.stubEnv(name, undefined)
  }
  for (const name of ['AWS_CONFIG_FILE', 'AWS_SHARED_CREDENTIALS_FILE']) vi.stubEnv(name, '/nonexistent')
})
afterEach(() => vi.unstubAllEnvs())

const openStore = () => createS3Store({ bucket: 'b', region: 'us-east-1', forcePathStyle: false, clock: systemClock })

const signedWith = async (store: ReturnType<typeof openStore>) => {
  const { url } = await store.presignPut('a', { contentType: 'image/png', expiresInSeconds: 3600 })
  return new URL(url).searchParams
}

/** When an address ends, in milliseconds: `20261121T011500Z` and so many seconds. */
function endOf(address: URLSearchParams): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(address.get('X-Amz-Date') ?? '') ?? []
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map(Number)
  return Date.UTC(year, month - 1, day, hour, minute, second) + Number(address.get('X-Amz-Expires')) * 1000
}

const lasting = (name: string, seconds: number): RoleCredentials => ({
  AccessKeyId: name,
  SecretAccessKey: `secret of ${name}`,
  Token: `token of ${name}`,
  Expiration: new Date(Date.now() + seconds * 1000).toISOString(),
})

it('signs with the role of its instance, and with the next credentials before those end', async () => {
  let asked = 0
  const soonOver = lasting('first', 240)
  const metadata = await startTestMetadataService(() => {
    asked++
    return asked === 1 ? soonOver : lasting('second', 21_600)
  })
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', metadata.endpoint)
  try {
    const store = openStore()
    const first = await signedWith(store)
    expect(first.get('X-Amz-Credential')).toMatch(/^first\//)
    expect(first.get('X-Amz-Security-Token')).toBe('token of first')
    expect(endOf(first)).toBeLessThanOrEqual(Date.parse(soonOver.Expiration))

    await expect
      .poll(async () => (await signedWith(store)).get('X-Amz-Security-Token'), { timeout: 10_000 })
      .toBe('token of second')
    expect((await signedWith(store)).get('X-Amz-Expires')).toBe('3600')
    expect(asked).toBe(2)
  } finally {
    metadata.stop()
  }
})

it('keeps the credentials that it has while the metadata service is away', async () => {
  const metadata = await startTestMetadataService(() => lasting('first', 240))
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', metadata.endpoint)
  const store = openStore()
  expect((await signedWith(store)).get('X-Amz-Credential')).toMatch(/^first\//)
  metadata.stop()
  for (let round = 0; round < 3; round++) {
    expect((await signedWith(store)).get('X-Amz-Credential')).toMatch(/^first\//)
  }
})

it('takes keys from the environment first', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'from-environment')
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret')
  expect((await signedWith(openStore())).get('X-Amz-Credential')).toMatch(/^from-environment\//)
})

it('is unavailable where there are no credentials', async () => {
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  const store = openStore()
  await expect(signedWith(store)).rejects.toThrow(BlobsUnavailable)
  await expect(store.read('a', 1)).rejects.toThrow(BlobsUnavailable)
})

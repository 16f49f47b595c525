import { S3Client, type S3ClientConfig } from '@aws-sdk/client-s3'
import type { RetryStrategyV2 } from '@smithy/types'

interface ClientDependencies {
  region: string
  endpoint?: string
  forcePathStyle: boolean
  credentials: NonNullable<S3ClientConfig['credentials']>
  /** Told the name of each command as it goes over the network, repetitions too. */
  onRequest?: (name: string) => void
}

export function createClient({
  region,
  endpoint,
  forcePathStyle,
  credentials,
  onRequest,
}: ClientDependencies): S3Client {
  const client = new S3Client({
    region,
    ...(endpoint && { endpoint }),
    forcePathStyle,
    credentials,
    maxAttempts: 3,
    logger: silent,
    // By default the SDK adds trailing checksums in aws-chunked framing, which many other stores refuse (Ceph with
    // 411).
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    // From 2 MB on it would open a new connection for each body, to wait for a "100 Continue".
    expectContinueHeader: false,
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: answerTimeoutMs,
      throwOnRequestTimeout: true,
      // Of silence in the middle of a body, in which our own reader may be the slow one.
      socketTimeout: 30_000,
      httpAgent: agent,
      httpsAgent: agent,
    },
  })
  const { retryStrategy } = client.config
  client.config.retryStrategy = async () => exceptAfterSilence((await retryStrategy()) as RetryStrategyV2)
  if (onRequest) {
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          onRequest(String(commandName).replace(/Command$/, ''))
          return next(args)
        },
      { step: 'deserialize', name: 'onRequest' },
    )
  }
  return client
}

/** Until the first byte of an answer: whoever waits for us is told within 3 seconds. */
export const answerTimeoutMs = 2_500

/** What did not answer in time will not in the same time again: only what fails at once (5xx, resets) is tried three times. */
const exceptAfterSilence = (usual: RetryStrategyV2): RetryStrategyV2 => ({
  acquireInitialRetryToken: (scope) => usual.acquireInitialRetryToken(scope),
  refreshRetryTokenForRetry: (token, failure) => {
    const { error } = failure
    // Resets have the same name.
    return error instanceof Error && 'code' in error && error.code === 'ETIMEDOUT'
      ? Promise.reject(error)
      : usual.refreshRetryTokenForRetry(token, failure)
  },
  recordSuccess: (token) => usual.recordSuccess(token),
})

/** As many as two cores can keep busy. Idle connections end before S3 ends them, since a stream can't be sent again. */
const agent = { keepAlive: true, maxSockets: 64, timeout: 10_000 }

/** It would print a warning for each client that leaves in the middle of a body; what fails is thrown anyway. */
const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} }

import { createHmac, hash } from 'node:crypto'
import { blobKeyInUrl, checkBlobKey } from '../../ports/blob-key.ts'
import {
  BlobsUnavailable,
  type Presigned,
  type PresignGetOptions,
  type PresignPutOptions,
} from '../../ports/blob-store.ts'
import { type Clock, unixSeconds } from '../../ports/clock.ts'

/** As the SDK gives them; a session's have a token and an end. */
export interface Credentials {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
  expiration?: Date
}

interface PresignerDependencies {
  /** Of the bucket as clients reach it, in virtual-host or path style. */
  bucketUrl: URL
  region: string
  /** Asked at each call, so it must be quick. */
  credentials: () => Promise<Credentials>
  clock: Clock
}

/**
 * Signature Version 4 in the query string
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html), the same addresses that the SDK's
 * presigner makes byte for byte, without its middleware: measured 15 µs instead of 200.
 */
export function createPresigner({ bucketUrl, region, credentials, clock }: PresignerDependencies) {
  let signingKey: { secret: string; day: string; bytes: Buffer } | undefined

  /** Four HMACs that only change with the day and with rotated credentials. */
  const signingKeyOf = (secret: string, day: string): Buffer => {
    if (signingKey?.secret !== secret || signingKey.day !== day) {
      const bytes = [day, region, 's3', 'aws4_request'].reduce<Buffer>(hmac, Buffer.from(`AWS4${secret}`))
      signingKey = { secret, day, bytes }
    }
    return signingKey.bytes
  }

  const sign = async ({ method, key, headers, query, signedAt, expiresInSeconds }: Order) => {
    checkBlobKey(key)
    const { accessKeyId, secretAccessKey, sessionToken, expiration } = await credentials()
    const life = Math.min(expiresInSeconds, maxSeconds, expiration ? secondsUntil(expiration, signedAt) : maxSeconds)
    if (life <= 0) throw new BlobsUnavailable('The credentials for the bucket have expired')
    const time = new Date(signedAt * 1000).toISOString().replace(/[-:]|\.\d+/g, '')
    const day = time.slice(0, 8)
    const scope = `${day}/${region}/s3/aws4_request`
    const signed = Object.entries({ ...headers, host: bucketUrl.host }).sort(byName)
    const signedNames = signed.map(([name]) => name).join(';')
    const parameters = printed({
      'X-Amz-Algorithm': 'AWS4-HMAC-SHA256',
      'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD',
      'X-Amz-Credential': `${accessKeyId}/${scope}`,
      'X-Amz-Date': time,
      'X-Amz-Expires': String(life),
      ...(sessionToken && { 'X-Amz-Security-Token': sessionToken }),
      'X-Amz-SignedHeaders': signedNames,
      ...query,
    })
    const path = `${bucketUrl.pathname.replace(/\/$/, '')}/${blobKeyInUrl(key)}`
    const head = signed.map(([name, value]) => `${name}:${value.trim().replace(/\s+/g, ' ')}\n`).join('')
    const canonical = [method, path, queryOf(parameters), head, signedNames, 'UNSIGNED-PAYLOAD'].join('\n')
    const digest = hash('sha256', canonical)
    const text = ['AWS4-HMAC-SHA256', time, scope, digest].join('\n')
    const signature = createHmac('sha256', signingKeyOf(secretAccessKey, day)).update(text).digest('hex')
    const url = `${bucketUrl.origin}${path}?${queryOf([...parameters, `X-Amz-Signature=${signature}`])}`
    return { url, expiresAt: signedAt + life }
  }

  return {
    async presignPut(key: string, { contentType, size, expiresInSeconds }: PresignPutOptions): Promise<Presigned> {
      const { url, expiresAt } = await sign({
        method: 'PUT',
        key,
        headers: { 'content-type': contentType, ...(size !== undefined && { 'content-length': String(size) }) },
        query: { 'x-id': 'PutObject' },
        signedAt: unixSeconds(clock),
        expiresInSeconds,
      })
      return { url, headers: { 'content-type': contentType }, expiresAt }
    },

    /** Long-lived addresses are signed as of the last full 5 minutes, so that repeated calls give the same one. */
    async presignGet(
      key: string,
      { contentType, contentDisposition, expiresInSeconds }: PresignGetOptions,
    ): Promise<string> {
      const now = unixSeconds(clock)
      const rounding = expiresInSeconds > 300 ? 300 : 0
      const { url } = await sign({
        method: 'GET',
        key,
        headers: {},
        query: {
          ...(contentDisposition && { 'response-content-disposition': withoutControls(contentDisposition) }),
          'response-content-type': withoutControls(contentType),
          'x-id': 'GetObject',
        },
        signedAt: rounding ? now - (now % rounding) : now,
        expiresInSeconds: expiresInSeconds + rounding,
      })
      return url
    },
  }
}

interface Order {
  method: 'PUT' | 'GET'
  key: string
  /** Lower-case names; what the client must send just so. */
  headers: Record<string, string>
  query: Record<string, string>
  /** Unix seconds. */
  signedAt: number
  expiresInSeconds: number
}

/** S3 signs for a week at most. */
const maxSeconds = 604_800

const secondsUntil = (end: Date, from: number): number => Math.floor(end.getTime() / 1000) - from

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const byName = ([a]: [string, string], [b]: [string, string]): number => (a < b ? -1 : 1)

const printed = (parameters: Record<string, string>): string[] =>
  Object.entries(parameters).map(([name, value]) => `${name}=${encode(value)}`)

/** No name is the beginning of another, so that pairs sort as their names do. */
const queryOf = (printed: readonly string[]): string => printed.toSorted().join('&')

/** RFC 3986, of which encodeURIComponent leaves five characters out. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)

/** Against response splitting: S3 makes headers of these values. */
const withoutControls = (text: string): string => text.replace(/[\u0000-\u001f\u007f]/g, '')

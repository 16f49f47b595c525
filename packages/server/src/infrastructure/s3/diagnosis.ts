import { randomUUID } from 'node:crypto'
import type { Diagnosis, Diagnostician } from '../../ports/diagnosis.ts'
import { createBucketDiagnoses, createBucketSettings } from './bucket-diagnoses.ts'
import { createS3Store, type S3Dependencies } from './store.ts'

const timeoutMs = 10_000
/** S3 refuses what is signed by a clock that is 15 minutes off; long before that addresses end too early. */
const mostSkewSeconds = 60
const type = 'image/png'
const bytes = Buffer.from('Does it work?')

/** Does with the bucket what the server and browsers will do, and looks at its settings. */
export function createS3Diagnostician(
  deps: S3Dependencies & {
    /** Of the page, whose scripts send bytes there; undefined where it is not known. */
    pageOrigin: string | undefined
  },
): Diagnostician {
  const { pageOrigin, clock } = deps
  const store = createS3Store(deps)
  const settings = createBucketSettings({ client: store.client, bucket: deps.bucket })

  async function works(): Promise<Diagnosis[]> {
    const key = `incoming/doctor/${randomUUID()}`
    try {
      const presigned = await store.presignPut(key, { contentType: type, size: bytes.length, expiresInSeconds: 60 })
      const sent = await fetch(presigned.url, {
        method: 'PUT',
        body: bytes,
        headers: presigned.headers,
        signal: AbortSignal.timeout(timeoutMs),
      })
      const read = await store.read(key, bytes.length)
      const address = await store.presignGet(key, { contentType: type, expiresInSeconds: 60 })
      const got = await fetch(address, { signal: AbortSignal.timeout(timeoutMs) })
      const isBack = Buffer.from(await got.arrayBuffer()).equals(bytes)
      return [
        sent.ok && read?.equals(bytes)
          ? { subject: 'Bucket uploads', state: 'ok', words: 'what is sent to a presigned address arrives' }
          : {
              subject: 'Bucket uploads',
              state: 'bad',
              words: `a presigned address answered ${sent.status}`,
              cure: 'Allow s3:PutObject and s3:GetObject on all of the bucket (docs/deploy.md has the policy).',
            },
        got.ok && isBack
          ? { subject: 'Bucket downloads', state: 'ok', words: 'a presigned address gives the bytes' }
          : { subject: 'Bucket downloads', state: 'bad', words: `a presigned address answered ${got.status}` },
        skewOf(sent.headers.get('date')),
        await preflight(presigned.url),
      ]
    } finally {
      await store.delete(key)
    }
  }

  async function removes(): Promise<Diagnosis> {
    const key = `incoming/doctor/${randomUUID()}`
    await store.put(key, bytes, { contentType: type, size: bytes.length })
    await store.delete(key)
    const isGone = (await store.read(key, bytes.length)) === undefined
    return isGone
      ? { subject: 'Bucket deletion', state: 'ok', words: 'what is deleted is gone' }
      : {
          subject: 'Bucket deletion',
          state: 'bad',
          words: 'what is deleted can still be read',
          cure: 'Allow s3:DeleteObject on all of the bucket.',
        }
  }

  function skewOf(date: string | null): Diagnosis {
    const seconds = Math.round(Math.abs(Date.parse(date ?? '') - clock.now()) / 1000)
    const subject = 'Bucket clock'
    if (Number.isNaN(seconds)) return { subject, state: 'note', words: 'it does not say what time it is' }
    const words = `${seconds} s apart from this machine's`
    if (seconds <= mostSkewSeconds) return { subject, state: 'ok', words }
    return { subject, state: 'bad', words, cure: 'Let this machine keep the time (systemd-timesyncd, chrony).' }
  }

  /** What a browser asks before it sends bytes from the page. */
  async function preflight(url: string): Promise<Diagnosis> {
    const subject = 'Bucket CORS'
    if (pageOrigin === undefined) {
      return { subject, state: 'note', words: 'not looked at, since PUBLIC_URL does not say where the page is' }
    }
    const answer = await fetch(url, {
      method: 'OPTIONS',
      headers: {
        origin: pageOrigin,
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'content-type',
      },
      signal: AbortSignal.timeout(timeoutMs),
    })
    await answer.body?.cancel()
    const allowed = answer.headers.get('access-control-allow-origin')
    if (answer.ok && (allowed === '*' || allowed === pageOrigin)) {
      return { subject, state: 'ok', words: `pages of ${pageOrigin} may send bytes there` }
    }
    return {
      subject,
      state: 'bad',
      words: `pages of ${pageOrigin} may not send bytes there: uploads go through the server`,
      ...settings.allowPages(pageOrigin),
    }
  }

  return {
    async look() {
      const isPublic = await store.isPubliclyReadable()
      return [...(await works()), await removes(), ...(await createBucketDiagnoses(settings, { isPublic }))]
    },
    close: store.close,
  }
}

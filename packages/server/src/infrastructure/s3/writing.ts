import type { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  type PutObjectCommandInput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { blobKeyInUrl, checkBlobKey } from '../../ports/blob-key.ts'
import { type BlobStore, BlobsUnavailable } from '../../ports/blob-store.ts'
import { answerTimeoutMs } from './client.ts'
import { exactSize } from './exact-size.ts'
import { labelName } from './reading.ts'
import { isAbsence, statusOf, unavailable } from './s3-errors.ts'

interface WritingDependencies {
  client: S3Client
  bucket: string
  stat: BlobStore['stat']
}

type Writing = Pick<BlobStore, 'put' | 'copy' | 'delete'>

export function createWriting({ client, bucket, stat }: WritingDependencies): Writing {
  const putBuffer = async (input: PutObjectCommandInput, body: Buffer): Promise<void> => {
    if (body.length !== input.ContentLength)
      throw new RangeError(`${body.length} bytes instead of ${input.ContentLength}`)
    await client.send(new PutObjectCommand({ ...input, Body: body }), within(body.length)).catch(fail)
  }

  /** When the source breaks, the request is cut off before its end, of which S3 stores nothing. */
  const putStream = async (input: PutObjectCommandInput, body: Readable, size: number): Promise<void> => {
    const cut = new AbortController()
    let broken: Error | undefined
    const gate = exactSize(body, size, (error) => {
      broken = error
      cut.abort()
    })
    const command = new PutObjectCommand({ ...input, Body: gate })
    try {
      await client.send(command, { abortSignal: cut.signal, requestTimeout: 0 })
    } catch (error) {
      if (broken) throw broken
      fail(error)
    } finally {
      gate.destroy()
    }
  }

  return {
    async put(key, body, { contentType, size, ifAbsent = false, label }) {
      checkBlobKey(key)
      const input: PutObjectCommandInput = {
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        ContentLength: size,
        ...(ifAbsent && { IfNoneMatch: '*' }),
        ...(label !== undefined && { Metadata: { [labelName]: label } }),
      }
      try {
        await (Buffer.isBuffer(body) ? putBuffer(input, body) : putStream(input, body, size))
        return true
      } catch (error) {
        const answer = statusOf(error instanceof BlobsUnavailable ? error.cause : error)
        if (ifAbsent && answer === 412) return false
        // Somebody writes or deletes the same key right now: only what is there afterwards tells which.
        if (ifAbsent && answer === 409 && (await stat(key))) return false
        throw error
      }
    },

    async copy(from, to) {
      checkBlobKey(from)
      checkBlobKey(to)
      try {
        const command = new CopyObjectCommand({
          Bucket: bucket,
          Key: to,
          CopySource: `${bucket}/${blobKeyInUrl(from)}`,
        })
        // The store copies before it answers, of a size that we do not know.
        await client.send(command, within(50_000_000))
        return true
      } catch (error) {
        // It may also be the target that is forbidden.
        if (isAbsence(error) && !(await stat(from))) return false
        throw unavailable(error)
      }
    },

    async delete(key) {
      checkBlobKey(key)
      try {
        await client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }))
      } catch (error) {
        if (statusOf(error) !== 404) throw unavailable(error)
      }
    },
  }
}

/** For all attempts together, so that nobody waits for minutes: what any answer may take, and a second for each megabyte. */
function within(bytes: number): { abortSignal: AbortSignal; requestTimeout: number } {
  const milliseconds = answerTimeoutMs + Math.ceil(bytes / 1_000)
  return { abortSignal: AbortSignal.timeout(milliseconds), requestTimeout: milliseconds }
}

const fail = (error: unknown): never => {
  throw unavailable(error)
}

import type { Readable } from 'node:stream'
import { GetObjectCommand, HeadObjectCommand, paginateListObjectsV2, type S3Client } from '@aws-sdk/client-s3'
import { checkBlobKey, checkBlobKeyPrefix } from '../../ports/blob-key.ts'
import { type BlobEntry, type BlobStore, BlobsUnavailable, type ByteRange } from '../../ports/blob-store.ts'
import { isAbsence, isAnswer, statusOf, unavailable } from './s3-errors.ts'

type Reading = Pick<BlobStore, 'open' | 'read' | 'stat' | 'findLabel' | 'list' | 'ping'>

/** Of the header `x-amz-meta-…` that holds the label of an object. */
export const labelName = 'imagehost'

export function createReading({ client, bucket }: { client: S3Client; bucket: string }): Reading {
  const get = async (key: string, range?: ByteRange) => {
    checkBlobKey(key)
    const input = { Bucket: bucket, Key: key, ...(range && { Range: `bytes=${range.start}-${range.end}` }) }
    try {
      const { Body, ContentLength = 0, ContentRange } = await client.send(new GetObjectCommand(input))
      const size = Number(ContentRange?.split('/')[1] ?? ContentLength)
      return { stream: Body as Readable, length: ContentLength, size }
    } catch (error) {
      if (isAbsence(error)) return undefined
      if (isAnswer(error, ['InvalidRange']))
        throw new RangeError(`${key} has no byte ${range?.start}`, { cause: error })
      throw unavailable(error)
    }
  }

  const head = async (key: string) => {
    checkBlobKey(key)
    try {
      return await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    } catch (error) {
      if (statusOf(error) === 404) return undefined
      if (statusOf(error) !== 403) throw unavailable(error)
      // An answer to HEAD has no body, so this 403 has no code: a GET has to tell what it means.
      const found = await get(key)
      if (!found) return undefined
      found.stream.destroy()
      throw unavailable(error)
    }
  }

  return {
    async open(key, range) {
      const found = await get(key, range)
      return found && { stream: found.stream, size: found.size }
    },

    async read(key, maxBytes, allocate = Buffer.allocUnsafe) {
      const found = await get(key)
      if (!found) return undefined
      const { stream, length } = found
      if (length > maxBytes) {
        stream.destroy()
        throw new RangeError(`${length} bytes, over ${maxBytes}`)
      }
      return collect(stream, allocate(length)).catch((cause) => {
        throw new BlobsUnavailable(`${key} broke off`, { cause })
      })
    },

    async stat(key) {
      const found = await head(key)
      if (!found) return undefined
      const { ContentLength: size = 0, ContentType: contentType } = found
      return { size, ...(contentType && { contentType }) }
    },

    findLabel: async (key) => (await head(key))?.Metadata?.[labelName],

    list(prefix) {
      checkBlobKeyPrefix(prefix)
      return listObjects(client, bucket, prefix)
    },

    async ping() {
      const probe = new GetObjectCommand({ Bucket: bucket, Key: 'ping' })
      try {
        const { Body } = await client.send(probe, { abortSignal: AbortSignal.timeout(2_000) })
        const stream = Body as Readable
        stream.destroy()
      } catch (error) {
        if (!isAbsence(error)) throw new BlobsUnavailable('The bucket does not answer', { cause: error })
      }
    },
  }
}

async function collect(stream: Readable, bytes: Buffer): Promise<Buffer> {
  const { length } = bytes
  let filled = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) filled += chunk.copy(bytes, filled)
  if (filled < length) throw new Error(`${filled} bytes instead of ${length}`)
  return bytes
}

async function* listObjects(client: S3Client, bucket: string, prefix: string): AsyncGenerator<BlobEntry> {
  try {
    for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
      for (const { Key: key = '', Size: size = 0, LastModified } of Contents) {
        yield { key, size, modifiedAt: Math.floor((LastModified?.getTime() ?? 0) / 1000) }
      }
    }
  } catch (error) {
    throw unavailable(error)
  }
}

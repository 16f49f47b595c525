import { pipeline } from 'node:stream/promises'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { AppError } from '@imagehost/contract/errors'
import type { FastifyRequest } from 'fastify'
import { type Spool, type Spooled, tooLarge } from '../services/spool.ts'

export interface ReceivedFile {
  filename: string
  mime: string
  /** The bytes, or why they were refused. */
  outcome: Spooled | AppError
}

export interface MultipartLimits {
  maxBytes: number
  maxFiles: number
}

/** Text fields that are read, and bytes in each: options are few and short. */
const maxFields = 50
const maxFieldBytes = 8 * 1024

/**
 * Reads a whole `multipart/form-data` body: files in the order they came, whatever their field is called, and text
 * fields before and after them (clients do both). One file too large does not harm its neighbours. The caller disposes of the files.
 * With `admit` no byte of a file is kept before that allows it, which it is asked with the fields that came before.
 * Throws `validation` for a body that is no multipart, what `admit` throws, and leaves nothing behind when the client goes away.
 */
export async function readMultipart(
  request: FastifyRequest,
  spool: Spool,
  { maxBytes, maxFiles }: MultipartLimits,
  admit?: (fields: Readonly<Record<string, string>>) => Promise<unknown>,
): Promise<{ files: ReceivedFile[]; fields: Record<string, string> }> {
  const busboy = createBusboy(request, { maxBytes, maxFiles })
  const fields: Record<string, string> = Object.create(null)
  const receiving: Promise<ReceivedFile>[] = []
  const streams: BusboyFileStream[] = []
  let tooMany = false
  busboy.on('field', (name, value) => {
    fields[name] = value
  })
  busboy.on('filesLimit', () => {
    tooMany = true
  })
  busboy.on('file', (_field, stream, filename, _encoding, mime) => {
    const receive = () => receiveFile(stream, { filename, mime }, spool, maxBytes)
    const file = admit ? admitted(admit(fields), stream).then(receive) : receive()
    file.catch(() => {})
    receiving.push(file)
    streams.push(stream)
  })
  try {
    await pipeline(request.raw, busboy)
  } catch (error) {
    // A client that went away in the middle of a file leaves a stream that would never end.
    for (const stream of streams) stream.destroy()
    await disposeAll(await Promise.allSettled(receiving))
    throw new AppError('validation', {
      message: 'The body is not valid multipart.',
      details: { field: 'body' },
      cause: error,
    })
  }
  const settled = await Promise.allSettled(receiving)
  const failed = settled.find((result) => result.status === 'rejected')
  if (failed || tooMany) {
    await disposeAll(settled)
    throw failed?.reason ?? tooManyFiles(maxFiles)
  }
  return { files: settled.map((result) => (result as PromiseFulfilledResult<ReceivedFile>).value), fields }
}

function createBusboy(request: FastifyRequest, { maxBytes, maxFiles }: MultipartLimits) {
  try {
    return new Busboy({
      headers: request.headers as { 'content-type': string },
      limits: { fileSize: maxBytes, files: maxFiles, fields: maxFields, fieldSize: maxFieldBytes, headerPairs: 50 },
    })
  } catch (error) {
    throw new AppError('validation', {
      message: 'The Content-Type of a multipart body names its boundary.',
      details: { field: 'body' },
      cause: error,
    })
  }
}

/** What is refused is read to its end and thrown away: a client that is still sending would not see the answer. */
const admitted = (admission: Promise<unknown>, stream: BusboyFileStream): Promise<unknown> =>
  admission.catch((error) => {
    stream.resume()
    throw error
  })

async function receiveFile(
  stream: BusboyFileStream,
  { filename, mime }: { filename: string | undefined; mime: string },
  spool: Spool,
  maxBytes: number,
): Promise<ReceivedFile> {
  const file = { filename: filename || 'image', mime }
  const spooled = await spool.collect(stream)
  if (!stream.truncated) return { ...file, outcome: spooled }
  await spooled.dispose()
  return { ...file, outcome: tooLarge(maxBytes) }
}

async function disposeAll(settled: PromiseSettledResult<ReceivedFile>[]): Promise<void> {
  for (const result of settled) {
    if (result.status === 'fulfilled' && !(result.value.outcome instanceof AppError))
      await result.value.outcome.dispose()
  }
}

const tooManyFiles = (max: number): AppError =>
  new AppError('validation', {
    message: `At most ${max} files fit one request.`,
    details: { field: 'body', limit: 'MAX_UPLOAD_FILES', max },
  })

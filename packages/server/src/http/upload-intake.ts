import { AppError } from '@imagehost/contract/errors'
import { UploadByUrl, UploadOptions, type uploadRoutes } from '@imagehost/contract/uploads'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Caller } from '../services/access.ts'
import type { DeleteLinks } from '../services/delete-links.ts'
import type { Imports } from '../services/imports.ts'
import type { RateLimits } from '../services/rate-limits.ts'
import { type Spool, type Spooled, tooLarge } from '../services/spool.ts'
import type { Completed, Uploads } from '../services/uploads.ts'
import { readSmallJson } from './json-body.ts'
import type { Handlers } from './mount.ts'
import { type MultipartLimits, type ReceivedFile, readMultipart } from './multipart.ts'
import { presentUploaded } from './present/uploaded.ts'
import { obeyLimit } from './rate-limit.ts'
import { keepEach } from './several-files.ts'
import { compileCheck } from './validation.ts'

export interface IntakeDependencies {
  uploads: Uploads
  imports: Imports
  spool: Spool
  limits: MultipartLimits
  rateLimits: RateLimits
  deleteLinks: DeleteLinks
}

/** Who sends it, and how it is answered. */
interface Exchange extends Receiver {
  request: FastifyRequest
  reply: FastifyReply
}

type Receiver = Parameters<typeof presentUploaded>[1]
type Intake = Handlers<Pick<typeof uploadRoutes, 'upload'>>['upload']

const checkFields = compileCheck(UploadOptions, 'form') as (fields: unknown) => UploadOptions
const checkByUrl = compileCheck(UploadByUrl, 'body') as (body: unknown) => UploadByUrl

/** `POST /upload` in its three forms, told apart by the Content-Type: multipart, an address in JSON, or else the bytes themselves. */
export function createUploadIntake(deps: IntakeDependencies): Intake {
  const { uploads, imports, spool, limits, rateLimits, deleteLinks } = deps
  return ({ query }, { caller, origins, request, reply }) => {
    const type = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()
    const exchange = { caller, origins, deleteLinks, request, reply }
    const answer = (made: Completed) => answerOne(made, exchange)
    if (type === 'multipart/form-data') return fromMultipart(query, exchange)
    if (type === 'application/json') return fromUrl(query, exchange).then(answer)
    return fromBody(query, exchange, type).then(answer)
  }

  async function fromBody(options: UploadOptions, { caller, request }: Exchange, mime: string): Promise<Completed> {
    const declared = Number(request.headers['content-length'])
    if (declared > limits.maxBytes) throw tooLarge(limits.maxBytes, declared)
    const source = await spool.collect(request.raw)
    if (source.size === 0) throw nothingSent()
    return keep(caller, source, { filename: 'image', mime, ...options })
  }

  async function fromUrl(query: UploadOptions, { caller, request, reply }: Exchange): Promise<Completed> {
    await obeyLimit('import', rateLimits, { request, reply })
    const { url, ...options } = checkByUrl(await readSmallJson(request))
    return imports.fromUrl(caller, url, { ...query, ...options })
  }

  async function fromMultipart(query: UploadOptions, exchange: Exchange) {
    const { files, fields } = await readMultipart(exchange.request, spool, limits)
    if (files.length === 0) throw nothingSent()
    try {
      const options = { ...query, ...checkFields(fields) }
      if (files.length === 1) return answerOne(await keepFile(exchange.caller, files[0]!, options), exchange)
      return await keepSeveral(files, options, exchange)
    } finally {
      await Promise.all(files.map(({ outcome }) => (outcome instanceof AppError ? undefined : outcome.dispose())))
    }
  }

  async function keepSeveral(files: ReceivedFile[], { filename: _, ...options }: UploadOptions, exchange: Exchange) {
    const { caller, request, reply } = exchange
    const kept = await keepEach(files, request.id, async (file) =>
      presentOutcome(await keepFile(caller, file, options), exchange),
    )
    return reply.code(201).send(kept)
  }

  async function keepFile(
    caller: Caller,
    { filename, mime, outcome }: ReceivedFile,
    options: UploadOptions,
  ): Promise<Completed> {
    if (outcome instanceof AppError) throw outcome
    return keep(caller, outcome, { filename, mime, ...options })
  }

  async function keep(caller: Caller, source: Spooled, upload: Parameters<Uploads['receive']>[2]): Promise<Completed> {
    try {
      return await uploads.receive(caller, source, upload)
    } finally {
      await source.dispose()
    }
  }
}

const presentOutcome = (made: Completed, receiver: Receiver) => ({
  ...presentUploaded(made, receiver),
  ...(!made.isNew && { duplicate: true }),
})

const answerOne = (made: Completed, exchange: Exchange): FastifyReply =>
  exchange.reply.code(made.isNew ? 201 : 200).send(presentOutcome(made, exchange))

const nothingSent = (): AppError =>
  new AppError('validation', {
    message: 'No file was sent: put it into the multipart field `file`, or send its bytes as the body.',
    details: { field: 'body' },
  })

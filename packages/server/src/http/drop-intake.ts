import type { dropRoutes } from '@imagehost/contract/drops'
import { AppError } from '@imagehost/contract/errors'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { DropUploads, OpenDrop } from '../services/drop-uploads.ts'
import { type Spool, tooLarge } from '../services/spool.ts'
import type { Origins } from './base-url.ts'
import type { Handlers } from './mount.ts'
import { type MultipartLimits, type ReceivedFile, readMultipart } from './multipart.ts'
import { droppedPage } from './pages/drop.ts'
import { acceptsPage, orFailurePage } from './pages/failure.ts'
import { sendPage } from './pages/page.ts'
import { presentDropped } from './present/drop.ts'
import { keepEach } from './several-files.ts'

export interface DropIntakeDependencies {
  dropUploads: DropUploads
  spool: Spool
  limits: MultipartLimits
}

interface Visit {
  request: FastifyRequest
  reply: FastifyReply
  origins: Origins
}

/** `POST /d/{slug}/upload`: nothing that is sent is kept, not even for a moment, before the link and its password are checked. */
export function createDropIntake({
  dropUploads,
  spool,
  limits,
}: DropIntakeDependencies): Handlers<Pick<typeof dropRoutes, 'upload'>>['upload'] {
  return ({ params }, context) => orFailurePage(context, () => answer(params.slug, context))

  async function answer(slug: string, { request, reply, origins }: Visit) {
    const { open, files } = await receive(slug, request)
    try {
      const kept = await keepEach(files, request.id, async (file) => presentDropped(await keep(open, file), origins))
      if (acceptsPage(request)) return sendPage(reply, 201, droppedPage(slug, kept))
      return reply.code(201).send(kept)
    } finally {
      await Promise.all(files.map(({ outcome }) => (outcome instanceof AppError ? undefined : outcome.dispose())))
    }
  }

  async function receive(slug: string, request: FastifyRequest): Promise<{ open: OpenDrop; files: ReceivedFile[] }> {
    const header = request.headers['x-link-password']
    const admit = async (password: string | undefined) => {
      const given = typeof header === 'string' ? header : password
      const open = await dropUploads.enter(slug, { password: given, address: request.ip })
      dropUploads.requireRoom(open)
      return open
    }
    const mime = (request.headers['content-type'] ?? '').split(';', 1)[0]!.trim().toLowerCase()
    if (mime !== 'multipart/form-data') return fromBody(await admit(undefined), request, mime)
    // A link that is over is told so at once, whatever else may be wrong.
    await dropUploads.find(slug)
    let admission: Promise<OpenDrop> | undefined
    const { files } = await readMultipart(request, spool, limits, (fields) => {
      admission ??= admit(fields.password)
      return admission
    })
    if (!admission || files.length === 0) throw nothingSent()
    return { open: await admission, files }
  }

  async function fromBody(open: OpenDrop, request: FastifyRequest, mime: string) {
    const declared = Number(request.headers['content-length'])
    if (declared > limits.maxBytes) throw tooLarge(limits.maxBytes, declared)
    const source = await spool.collect(request.raw)
    if (source.size === 0) throw nothingSent()
    return { open, files: [{ filename: 'image', mime, outcome: source }] }
  }

  function keep(open: OpenDrop, { filename, mime, outcome }: ReceivedFile) {
    if (outcome instanceof AppError) throw outcome
    return dropUploads.receive(open, outcome, { filename, mime })
  }
}

const nothingSent = (): AppError =>
  new AppError('validation', {
    message: 'No file was sent: put it into the multipart field `file`, or send its bytes as the body.',
    details: { field: 'body' },
  })

import { AppError } from '@imagehost/contract/errors'
import { uploadRoutes } from '@imagehost/contract/uploads'
import type { FastifyInstance } from 'fastify'
import type { SignedPaths } from '../ports/signed-paths.ts'
import type { Uploads } from '../services/uploads.ts'
import { absoluteUrl } from './base-url.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentUploaded } from './present/uploaded.ts'
import { answerSigned } from './storage.ts'
import { createUploadIntake, type IntakeDependencies } from './upload-intake.ts'

export function uploadsHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  services: IntakeDependencies & { uploads: Uploads; signedPaths?: SignedPaths | undefined },
): void {
  const { uploads, signedPaths, deleteLinks } = services
  const intake = createUploadIntake(services)
  app.register(async (scope) => {
    // Bytes are read by the handlers of the raw rows themselves, so nothing is parsed before.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', (_request, _body, done) => done(null))
    mount(scope, { upload: uploadRoutes.upload, put: uploadRoutes.put, get: uploadRoutes.get }, deps, {
      upload: intake,
      put: (_input, exchange) => answerSigned(signedPaths, exchange),
      get: (_input, exchange) => answerSigned(signedPaths, exchange),
    })
  })
  const { request, complete, cancel } = uploadRoutes
  mount(app, { request, complete, cancel }, deps, {
    request: async ({ body }, { caller, baseUrl }) => {
      if (!isPictureType(body.mime_type)) {
        throw new AppError('unsupported_type', { details: { field: 'body.mime_type', found: body.mime_type } })
      }
      const { mime_type: mime, ...rest } = body
      const { draft, presigned } = await uploads.request(caller, { ...rest, mime })
      return {
        iid: draft.id,
        key: draft.key,
        filename: draft.filename,
        presigned_url: absoluteUrl(presigned.url, baseUrl),
        headers: presigned.headers,
        expires_at: presigned.expiresAt,
      }
    },
    complete: async ({ body }, { caller, origins }) =>
      presentUploaded(await uploads.complete(caller, body.iid), { origins, caller, deleteLinks }),
    cancel: async ({ params }, { caller }) => {
      await uploads.giveUp(caller, params.iid)
      return { status: 'deleted', iid: params.iid }
    },
  })
}

/** A declared type decides nothing, but what is plainly something else is told so before its bytes travel. */
const isPictureType = (mime: string): boolean => /^(image\/[\w.+-]{1,100}|application\/octet-stream)$/i.test(mime)

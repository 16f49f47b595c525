import { AppError } from '@imagehost/contract/errors'
import { reportRoutes } from '@imagehost/contract/reports'
import type { FastifyInstance } from 'fastify'
import type { Static } from 'typebox'
import type { Reports } from '../services/reports.ts'
import { toAppError } from './errors.ts'
import { acceptForms, isForm } from './form-body.ts'
import { type MountDependencies, mount } from './mount.ts'
import { sendFailure } from './pages/failure.ts'
import { sendPage } from './pages/page.ts'
import { compileCheck } from './validation.ts'

type Body = Static<typeof reportRoutes.create.body>

/** `POST /report/{id}`: what the form of an image's page sends, answered by a page; and the same as the API's own. */
export function reportFormHttp(app: FastifyInstance, deps: MountDependencies, reports: Reports): void {
  const read = compileCheck(reportRoutes.create.body, 'body') as (body: unknown) => Body
  app.register(async (scope) => {
    acceptForms(scope)
    mount(scope, { form: reportRoutes.form }, deps, {
      form: async ({ params }, { request, reply }) => {
        const report = async () => {
          const { reason = 'other', ...more } = read(request.body ?? {})
          await reports.create(params.id, { reason, ...more }, request.ip)
        }
        if (!isForm(request)) {
          await report()
          return reply.code(202).type('application/json; charset=utf-8').send('{"status":"received"}')
        }
        try {
          await report()
        } catch (error) {
          const known = toAppError(error)
          if (!(error instanceof AppError) || known.status >= 500) throw error
          return sendFailure(reply, known)
        }
        const body = '<h1>Received</h1>\n<p>Whoever runs this site looks at it.</p>'
        return sendPage(reply, 202, { title: 'Received', body })
      },
    })
  })
}

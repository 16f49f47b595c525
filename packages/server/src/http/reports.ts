import { reportRoutes, reportsPageSize } from '@imagehost/contract/reports'
import type { FastifyInstance } from 'fastify'
import type { Reports } from '../services/reports.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentReport } from './present/report.ts'
import { reportFormHttp } from './report-form.ts'

export function reportsHttp(app: FastifyInstance, deps: MountDependencies, reports: Reports): void {
  const { form: _, ...routes } = reportRoutes
  reportFormHttp(app, deps, reports)
  mount(app, routes, deps, {
    create: async ({ params, body: { reason = 'other', ...more } }, { address }) => {
      await reports.create(params.id, { reason, ...more }, address)
      return { status: 'received' }
    },
    list: async ({ query: { status = 'open', limit = reportsPageSize, cursor } }, { baseUrl }) => {
      const { items, nextCursor } = await reports.list({ status, limit, cursor })
      return {
        items: items.map((reported) => presentReport(reported, baseUrl)),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    resolve: async ({ params, body: { action } }, { caller, baseUrl, audit }) => {
      audit({ details: { action } })
      const reported = await reports.resolve(caller, params.rid, action)
      audit({ details: { action, image: reported.report.imageId } })
      return presentReport(reported, baseUrl)
    },
  })
}

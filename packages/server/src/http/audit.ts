import { auditPageSize, auditRoutes } from '@imagehost/contract/audit'
import type { FastifyInstance } from 'fastify'
import type { Audit } from '../services/audit.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentAuditEntry } from './present/audit.ts'

export function auditHttp(app: FastifyInstance, deps: MountDependencies, audit: Audit): void {
  mount(app, auditRoutes, deps, {
    list: async ({ query }, { wantsLines }) => {
      const { limit = auditPageSize, cursor, ...filter } = query
      if (wantsLines) return presented(audit.walk(filter))
      const { items, nextCursor } = await audit.list({ ...filter, limit, after: cursor })
      return { items: items.map(presentAuditEntry), ...(nextCursor !== undefined && { next_cursor: nextCursor }) }
    },
  })
}

async function* presented(entries: ReturnType<Audit['walk']>) {
  for await (const entry of entries) yield presentAuditEntry(entry)
}

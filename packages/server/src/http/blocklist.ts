import { blocklistPageSize, blocklistRoutes } from '@imagehost/contract/blocklist'
import type { FastifyInstance } from 'fastify'
import type { Blocklist } from '../services/blocklist.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentBlocked } from './present/blocklist.ts'

export function blocklistHttp(app: FastifyInstance, deps: MountDependencies, blocklist: Blocklist): void {
  mount(app, blocklistRoutes, deps, {
    list: async ({ query: { limit = blocklistPageSize, cursor } }) => {
      const { items, nextCursor } = await blocklist.list({ limit, cursor })
      return { items: items.map(presentBlocked), ...(nextCursor !== undefined && { next_cursor: nextCursor }) }
    },
    add: async ({ body }, { caller, audit }) => {
      audit({ target: body.sha256 })
      return presentBlocked(await blocklist.add(caller, body))
    },
    remove: async ({ params }) => {
      await blocklist.remove(params.sha256)
      return { status: 'deleted', sha256: params.sha256 }
    },
  })
}

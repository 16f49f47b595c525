import type { UserChanges } from '@imagehost/contract/users'
import { userRoutes } from '@imagehost/contract/users'
import type { FastifyInstance } from 'fastify'
import type { TotalUsage } from '../services/total-usage.ts'
import type { Users } from '../services/users.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentUser } from './present/user.ts'

export function usersHttp(app: FastifyInstance, deps: MountDependencies, users: Users, totalUsage: TotalUsage): void {
  mount(app, userRoutes, deps, {
    list: async ({ query }) => {
      const { items, nextCursor } = await users.list(query)
      return { items: items.map(presentUser), ...(nextCursor !== undefined && { next_cursor: nextCursor }) }
    },
    get: async ({ params }) => presentUser(await users.get(params.uid)),
    update: async ({ params, body }, { caller, audit }) => {
      const user = await users.update(caller, params.uid, body)
      audit({ actor: caller, target: params.uid, details: detailsOf(body) })
      return presentUser(user)
    },
    delete: async ({ params }, { caller }) => {
      await users.remove(caller, params.uid)
      return { status: 'deleted', uid: params.uid }
    },
    usage: async () => {
      const { countedAt, freeDiskBytes, ...total } = await totalUsage.get()
      return {
        ...total,
        counted_at: countedAt,
        ...(freeDiskBytes !== undefined && { free_disk_bytes: freeDiskBytes }),
      }
    },
  })
}

/** What was changed, flat, as the audit log keeps it. */
const detailsOf = ({ quota = {}, ...changes }: UserChanges): Record<string, string | boolean> => ({
  ...changes,
  ...Object.fromEntries(Object.entries(quota).map(([part, value]) => [`quota_${part}`, String(value)])),
})

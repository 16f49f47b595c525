import { defaultPageSize } from '@imagehost/contract/images'
import { trashRoutes } from '@imagehost/contract/trash'
import type { FastifyInstance } from 'fastify'
import type { Trash } from '../services/trash.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentImage } from './present/image.ts'

export function trashHttp(app: FastifyInstance, deps: MountDependencies, trash: Trash): void {
  mount(app, trashRoutes, deps, {
    put: async ({ params }, { caller }) => {
      const image = await trash.put(caller, params.id)
      return { status: 'trashed', id: image.id, purged_at: trash.purgedAt(image) }
    },
    restore: async ({ params }, { caller, origins }) =>
      presentImage(await trash.restore(caller, params.id), origins, caller),
    list: async ({ query: { limit = defaultPageSize, cursor } }, { caller, origins }) => {
      const { items, nextCursor } = await trash.list(caller, { limit, cursor })
      return {
        items: items.map((image) => ({
          ...presentImage(image, origins, caller),
          trashed_at: image.trashedAt ?? 0,
          purged_at: trash.purgedAt(image),
        })),
        ...(nextCursor !== undefined && { next_cursor: nextCursor }),
      }
    },
    empty: async (_input, { caller }) => {
      const { deleted, isEmpty } = await trash.empty(caller)
      return { deleted, is_empty: isEmpty }
    },
  })
}

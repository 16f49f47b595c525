import { grantRoutes } from '@imagehost/contract/grants'
import type { FastifyInstance } from 'fastify'
import type { Grants } from '../services/grants.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentGrant } from './present/album.ts'

export function grantsHttp(app: FastifyInstance, deps: MountDependencies, grants: Grants): void {
  mount(app, grantRoutes, deps, {
    list: async ({ params }, { caller }) => ({ items: (await grants.list(caller, params.album)).map(presentGrant) }),
    put: async ({ params, body }, { caller, audit }) => {
      audit({ details: { username: params.username, role: body.role } })
      return presentGrant(await grants.put(caller, params.album, params.username, body.role))
    },
    delete: async ({ params }, { caller, audit }) => {
      audit({ details: { username: params.username } })
      await grants.revoke(caller, params.album, params.username)
      return { status: 'deleted', username: params.username }
    },
  })
}

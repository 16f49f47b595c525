import { keyRoutes } from '@imagehost/contract/keys'
import type { FastifyInstance } from 'fastify'
import type { Keys } from '../services/keys.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentKey } from './present/key.ts'

export function keysHttp(app: FastifyInstance, deps: MountDependencies, keys: Keys): void {
  mount(app, keyRoutes, deps, {
    list: async (_input, { caller }) => {
      return { items: (await keys.list(caller)).map((key) => presentKey(key, caller)) }
    },
    create: async ({ body }, { caller, audit }) => {
      const { name, scopes, expires_at: expiresAt } = body
      const { token, key } = await keys.issue(caller, { name, scopes, ...(expiresAt !== undefined && { expiresAt }) })
      audit({ target: token.id, details: { name, scopes: scopes.join(' ') } })
      return { ...presentKey(token, caller), key }
    },
    delete: async ({ params }, { caller }) => {
      await keys.revoke(caller, params.kid)
      return { status: 'deleted', id: params.kid }
    },
  })
}

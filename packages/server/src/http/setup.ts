import { setupRoutes } from '@imagehost/contract/setup'
import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../services/accounts.ts'
import type { Setup } from '../services/setup.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentAccount } from './present/account.ts'

export function setupHttp(app: FastifyInstance, deps: MountDependencies, accounts: Accounts, setup: Setup): void {
  mount(app, setupRoutes, deps, {
    claim: async ({ body }, { caller }) => {
      await setup.claim(caller, body.code)
      return presentAccount(await accounts.get(caller))
    },
  })
}

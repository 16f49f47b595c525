import { twoFactorRoutes } from '@imagehost/contract/two-factor'
import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../services/accounts.ts'
import type { TwoFactor } from '../services/two-factor.ts'
import { type MountDependencies, mount } from './mount.ts'

export function twoFactorHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  accounts: Accounts,
  twoFactor: TwoFactor,
): void {
  mount(app, twoFactorRoutes, deps, {
    get: async (_input, { caller }) => {
      const { enabled, recoveryCodesLeft } = await twoFactor.get(caller)
      return { enabled, ...(recoveryCodesLeft !== undefined && { recovery_codes_left: recoveryCodesLeft }) }
    },
    begin: async ({ body }, { caller, baseUrl }) => {
      await accounts.confirmOwner(caller, body.password)
      return twoFactor.begin(caller, new URL(baseUrl).hostname)
    },
    confirm: async ({ body }, { caller }) => ({ recovery_codes: await twoFactor.confirm(caller, body.otp) }),
    delete: async ({ body }, { caller }) => {
      await accounts.confirmOwner(caller, body.password)
      await twoFactor.end(caller)
      return { status: 'deleted' }
    },
  })
}

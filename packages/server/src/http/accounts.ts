import { accountRoutes } from '@imagehost/contract/accounts'
import type { FastifyInstance } from 'fastify'
import type { AccountDeletion } from '../services/account-deletion.ts'
import type { AccountExport } from '../services/account-export.ts'
import type { Accounts } from '../services/accounts.ts'
import type { LoginLimits } from '../services/login-limits.ts'
import type { Registration } from '../services/registration.ts'
import { sendExport } from './account-export.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentAccount } from './present/account.ts'

interface AccountServices {
  accounts: Accounts
  registration: Registration
  loginLimits: LoginLimits
  accountDeletion: AccountDeletion
  accountExport: AccountExport
}

export function accountsHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  { accounts, registration, loginLimits, accountDeletion, accountExport }: AccountServices,
): void {
  mount(app, accountRoutes, deps, {
    register: async ({ body }, { isLocal, audit }) => {
      const { uid, username, apiKey, keyId, inviteId } = await registration.register({ ...body, isLocal })
      audit({
        actor: { uid, username },
        target: keyId,
        ...(inviteId !== undefined && { details: { invite: inviteId } }),
      })
      return { api_key: apiKey, username }
    },
    login: async ({ body }, { address, audit }) => {
      const made = await loginLimits.guard(body.username, address, () => accounts.login(body))
      const { uid, username, apiKey, keyId } = made
      audit({ actor: { uid, username }, target: keyId })
      return { api_key: apiKey, username }
    },
    issueDevKey: async () => {
      const { uid, apiKey } = await registration.issueDevKey()
      return { api_key: apiKey, uid }
    },
    me: async (_input, { caller }) => presentAccount(await accounts.get(caller)),
    update: async ({ body }, { caller }) =>
      presentAccount(await accounts.setPreferences(caller, body.preferences ?? {})),
    changePassword: async ({ body }, { caller }) => {
      await accounts.changePassword(caller, body.current, body.new)
      return { status: 'changed' }
    },
    export: async (_input, { caller, origins, reply }) =>
      sendExport(reply, await accountExport.begin(caller), { caller, origins }),
    delete: async ({ body }, { caller, browser }) => {
      await accounts.confirmOwner(caller, body.password)
      await accountDeletion.remove(caller.uid)
      browser.forget()
      return { status: 'deleted' }
    },
  })
}

import { AppError } from '@imagehost/contract/errors'
import { sessionRoutes } from '@imagehost/contract/sessions'
import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../services/accounts.ts'
import type { LoginLimits } from '../services/login-limits.ts'
import type { Sessions } from '../services/sessions.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentAccount } from './present/account.ts'
import { presentSession } from './present/session.ts'

export function sessionsHttp(
  app: FastifyInstance,
  deps: MountDependencies,
  accounts: Accounts,
  sessions: Sessions,
  logins: LoginLimits,
): void {
  mount(app, sessionRoutes, deps, {
    current: async (_input, { caller }) => (caller ? { user: presentAccount(await accounts.get(caller)) } : {}),
    create: async ({ body }, { browser, address, audit }) => {
      // Otherwise another site could log a visitor into the attacker's account, and receive what they upload.
      browser.requireSameOrigin()
      const account = await logins.guard(body.username, address, () => accounts.checkLogin(body))
      const { id, secret, maxAgeSeconds } = await sessions.begin(account, browser)
      audit({ actor: account, target: id })
      browser.remember(secret, maxAgeSeconds)
      return presentAccount(account)
    },
    delete: async (_input, { browser }) => {
      if (browser.secret !== undefined) await sessions.end(browser.secret)
      browser.forget()
      return { status: 'deleted' }
    },
    confirm: async ({ body }, { caller, browser }) => {
      if (caller.confirmedUntil === undefined || browser.secret === undefined) {
        throw new AppError('validation', { message: 'Only a session can be confirmed; a key needs no such thing.' })
      }
      await accounts.confirm(caller, body)
      return { confirmed_until: await sessions.confirm(browser.secret) }
    },
    list: async (_input, { caller }) => ({
      items: (await sessions.list(caller)).map((session) => presentSession(session, caller)),
    }),
    revoke: async ({ params }, { caller }) => {
      await sessions.revoke(caller, params.sid)
      return { status: 'deleted', id: params.sid }
    },
  })
}

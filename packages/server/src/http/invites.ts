import { inviteRoutes } from '@imagehost/contract/invites'
import type { FastifyInstance } from 'fastify'
import type { Invites } from '../services/invites.ts'
import { type MountDependencies, mount } from './mount.ts'
import { presentInvite } from './present/invite.ts'

export function invitesHttp(app: FastifyInstance, deps: MountDependencies, invites: Invites): void {
  mount(app, inviteRoutes, deps, {
    list: async ({ query }) => {
      const { items, nextCursor } = await invites.list(query)
      return { items: items.map(presentInvite), ...(nextCursor !== undefined && { next_cursor: nextCursor }) }
    },
    create: async ({ body: { note, uses, expires_at: expiresAt } }, { audit }) => {
      const { invite, code } = await invites.create({ note, uses, expiresAt })
      audit({ target: invite.id })
      return { ...presentInvite(invite), code }
    },
    delete: async ({ params }) => {
      await invites.remove(params.invite)
      return { status: 'deleted', id: params.invite }
    },
  })
}

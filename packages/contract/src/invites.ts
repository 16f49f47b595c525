import { type Static, Type } from 'typebox'
import type { Routes } from './route.ts'
import { cursorPattern, Id, UnixSeconds } from './schemas.ts'

/** An invite as administrators see it later: never its code. */
export type Invite = Static<typeof Invite>
export const Invite = Type.Object({
  id: Id,
  note: Type.Optional(Type.String()),
  uses: Type.Integer({ description: 'Accounts that may be made with it' }),
  used: Type.Integer({ description: 'Accounts that were' }),
  created_at: UnixSeconds,
  expires_at: Type.Optional(UnixSeconds),
})

const NewInvite = Type.Object({
  note: Type.Optional(Type.String({ maxLength: 200, description: 'For yourself: whom it is for' })),
  uses: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000, default: 1 })),
  expires_at: Type.Optional(UnixSeconds),
})

export const inviteRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/admin/invites',
    summary: 'Invites, newest first',
    scope: 'admin',
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
      cursor: Type.Optional(Type.String({ pattern: cursorPattern, description: '`next_cursor` of the page before' })),
    }),
    responses: { 200: Type.Object({ items: Type.Array(Invite), next_cursor: Type.Optional(Type.String()) }) },
    errors: [],
  },
  create: {
    method: 'POST',
    path: '/api/v1/admin/invites',
    summary: 'Make an invite; its code is shown in this answer and never again. Registering takes it as `invite`',
    scope: 'admin',
    audited: 'invite.create',
    body: NewInvite,
    responses: { 201: Type.Object({ ...Invite.properties, code: Type.String() }) },
    errors: [],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/admin/invites/:invite',
    summary: 'Take an invite back; the accounts that were made with it stay',
    scope: 'admin',
    audited: 'invite.delete',
    params: Type.Object({ invite: Id }),
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), id: Id }) },
    errors: ['not_found'],
  },
} as const satisfies Routes

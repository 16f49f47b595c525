import { Type } from 'typebox'
import { Credentials, Me } from './accounts.ts'
import type { Routes } from './route.ts'
import { Id, OneTimeCode, UnixSeconds } from './schemas.ts'

const Session = Type.Object({
  id: Id,
  created_at: UnixSeconds,
  last_used_at: Type.Optional(UnixSeconds),
  expires_at: UnixSeconds,
  user_agent: Type.Optional(Type.String({ description: 'What the browser called itself at login' })),
  current: Type.Optional(Type.Literal(true, { description: 'The one that asks' })),
})

export const sessionRoutes = {
  current: {
    method: 'GET',
    path: '/api/v1/session',
    summary: 'Who is logged in here, if anybody is',
    scope: 'optional',
    responses: { 200: Type.Object({ user: Type.Optional(Me) }) },
    errors: [],
  },
  create: {
    method: 'POST',
    path: '/api/v1/session',
    summary: 'Log a browser in: sets the session cookie and gives no key; a session that the cookie named before ends',
    scope: 'none',
    audited: 'session.create',
    limit: 'login',
    cookie: true,
    body: Type.Object({ ...Credentials.properties, otp: Type.Optional(OneTimeCode) }),
    responses: { 200: Me },
    errors: ['auth', 'otp_required', 'cross_origin', 'overloaded'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/session',
    summary: 'Log this browser out',
    scope: 'optional',
    cookie: true,
    responses: { 200: Type.Object({ status: Type.Literal('deleted') }) },
    errors: ['cross_origin'],
  },
  confirm: {
    method: 'POST',
    path: '/api/v1/session/confirm',
    summary:
      'Show that it is still you: by the password or a one-time code: needed within 10 minutes before keys, password or two-factor change',
    scope: 'account',
    limit: 'password',
    cookie: true,
    body: Type.Object(
      { password: Type.Optional(Credentials.properties.password), otp: Type.Optional(OneTimeCode) },
      { minProperties: 1 },
    ),
    responses: { 200: Type.Object({ confirmed_until: UnixSeconds }) },
    errors: ['forbidden', 'overloaded'],
  },
  list: {
    method: 'GET',
    path: '/api/v1/me/sessions',
    summary: 'Your browsers that are logged in, newest first',
    scope: 'account',
    responses: { 200: Type.Object({ items: Type.Array(Session) }) },
    errors: [],
  },
  revoke: {
    method: 'DELETE',
    path: '/api/v1/me/sessions/:sid',
    summary: 'Log one of them out',
    scope: 'account',
    audited: 'session.revoke',
    params: Type.Object({ sid: Id }),
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), id: Id }) },
    errors: ['not_found'],
  },
} as const satisfies Routes

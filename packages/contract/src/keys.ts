import { type Static, Type } from 'typebox'
import type { Routes } from './route.ts'
import { Id, UnixSeconds } from './schemas.ts'
import { type Scope, scopes } from './scopes.ts'

const ScopeName = Type.Unsafe<Scope>(
  Type.Union(
    Object.entries(scopes).map(([name, words]) => Type.Literal(name, { description: words })),
    { description: Object.keys(scopes).join(', ') },
  ),
)

/** A key as its owner sees it later: never the key itself. */
export type Key = Static<typeof Key>
export const Key = Type.Object({
  id: Id,
  kind: Type.Union([Type.Literal('login'), Type.Literal('personal'), Type.Literal('legacy')], {
    description: 'login: made by a login · personal: made by hand · legacy: all keys of the Flask project together',
  }),
  name: Type.Optional(Type.String()),
  scopes: Type.Array(ScopeName),
  created_at: Type.Optional(UnixSeconds),
  last_used_at: Type.Optional(UnixSeconds),
  expires_at: Type.Optional(UnixSeconds),
  current: Type.Optional(Type.Literal(true, { description: 'The one that asks' })),
})

const NewKey = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  scopes: Type.Array(ScopeName, { minItems: 1, maxItems: Object.keys(scopes).length, uniqueItems: true }),
  expires_at: Type.Optional(UnixSeconds),
})

export const keyRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/me/keys',
    summary: 'Your keys, newest first',
    scope: 'account',
    responses: { 200: Type.Object({ items: Type.Array(Key) }) },
    errors: [],
  },
  create: {
    method: 'POST',
    path: '/api/v1/me/keys',
    summary: 'Make a key that may do no more than the one that asks; it is shown in this answer and never again',
    scope: 'account',
    audited: 'key.create',
    sensitive: true,
    body: NewKey,
    responses: {
      201: Type.Object({ ...Key.properties, key: Type.String({ description: 'The key itself' }) }),
    },
    errors: ['too_many_keys'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/me/keys/:kid',
    summary: 'Revoke a key; `legacy` ends all keys of the Flask project',
    scope: 'account',
    audited: 'key.revoke',
    sensitive: true,
    params: Type.Object({ kid: Id }),
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), id: Id }) },
    errors: ['not_found'],
  },
} as const satisfies Routes

import { type Static, Type } from 'typebox'
import { Usage } from './images.ts'
import type { Routes } from './route.ts'
import { Id, UnixSeconds } from './schemas.ts'

const Role = Type.Union([Type.Literal('user'), Type.Literal('admin')])

const Bytes = Type.Integer({ minimum: 0, description: '0: without limit' })
const Images = Type.Integer({ minimum: 0, description: '0: without limit' })
const Drafts = Type.Integer({ minimum: 1, maximum: 10_000 })

/** An account as administrators see it. */
export type User = Static<typeof User>
export const User = Type.Object({
  uid: Type.String(),
  username: Type.String(),
  created_at: UnixSeconds,
  role: Role,
  disabled: Type.Boolean({ description: 'Nobody gets in as it' }),
  usage: Usage,
  quota: Type.Object(
    { bytes: Type.Optional(Bytes), images: Type.Optional(Images), drafts: Type.Optional(Drafts) },
    { description: 'Limits of its own; where one is absent, the settings count' },
  ),
})

const QuotaChanges = Type.Object({
  bytes: Type.Optional(Type.Union([Bytes, Type.Null()])),
  images: Type.Optional(Type.Union([Images, Type.Null()])),
  drafts: Type.Optional(Type.Union([Drafts, Type.Null()])),
})

export type UserChanges = Static<typeof UserChanges>
export const UserChanges = Type.Object({
  role: Type.Optional(Role),
  disabled: Type.Optional(Type.Boolean()),
  quota: Type.Optional(QuotaChanges),
})

const UserParams = Type.Object({ uid: Id })

export const userRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/admin/users',
    summary: 'Accounts by name; those of the Flask project from when they first came back',
    scope: 'admin',
    query: Type.Object({
      q: Type.Optional(Type.String({ maxLength: 100, description: 'What the name begins with, in any case' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
      cursor: Type.Optional(
        // Longer than other cursors: names of the Flask project may be.
        Type.String({ pattern: '^[A-Za-z0-9_-]{1,900}$', description: '`next_cursor` of the page before' }),
      ),
    }),
    responses: { 200: Type.Object({ items: Type.Array(User), next_cursor: Type.Optional(Type.String()) }) },
    errors: [],
  },
  get: {
    method: 'GET',
    path: '/api/v1/admin/users/:uid',
    summary: 'One account',
    scope: 'admin',
    params: UserParams,
    responses: { 200: User },
    errors: ['not_found'],
  },
  update: {
    method: 'PATCH',
    path: '/api/v1/admin/users/:uid',
    summary: 'Change an account, on every server within a second; null takes a limit back to that of the settings',
    scope: 'admin',
    audited: 'user.update',
    params: UserParams,
    body: UserChanges,
    responses: { 200: User },
    errors: ['forbidden', 'not_found'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/admin/users/:uid',
    summary: 'Delete an account with all that it owns, at once and for good',
    scope: 'admin',
    audited: 'user.delete',
    params: UserParams,
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), uid: Type.String() }) },
    errors: ['forbidden', 'not_found', 's3_error'],
  },
  usage: {
    method: 'GET',
    path: '/api/v1/admin/usage',
    summary: 'What all accounts hold together, counted at most once a minute, and the room that is left',
    scope: 'admin',
    responses: {
      200: Type.Object({
        accounts: Type.Integer(),
        images: Type.Integer(),
        bytes: Type.Integer(),
        counted_at: UnixSeconds,
        metadata: Type.Union([Type.Literal('sqlite'), Type.Literal('redis')]),
        storage: Type.Union([Type.Literal('filesystem'), Type.Literal('s3')]),
        free_disk_bytes: Type.Optional(Type.Integer({ description: 'Where the server keeps something itself' })),
      }),
    },
    errors: [],
  },
} as const satisfies Routes

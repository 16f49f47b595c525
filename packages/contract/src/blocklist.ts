import { type Static, Type } from 'typebox'
import type { Routes } from './route.ts'
import { cursorPattern, Sha256, UnixSeconds } from './schemas.ts'

export type BlockedSource = Static<typeof BlockedSource>
export const BlockedSource = Type.Object({
  sha256: Sha256,
  reason: Type.Optional(Type.String()),
  created_at: UnixSeconds,
  added_by: Type.String({ description: 'The uid of the administrator' }),
})

/** Entries of a page unless the caller names a number. */
export const blocklistPageSize = 50

export const blocklistRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/admin/blocklist',
    summary: 'Hashes of bytes that are refused at every way in, newest first',
    scope: 'admin',
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: blocklistPageSize })),
      cursor: Type.Optional(Type.String({ pattern: cursorPattern, description: '`next_cursor` of the page before' })),
    }),
    responses: {
      200: Type.Object({ items: Type.Array(BlockedSource), next_cursor: Type.Optional(Type.String()) }),
    },
    errors: [],
  },
  add: {
    method: 'POST',
    path: '/api/v1/admin/blocklist',
    summary:
      'Refuse these bytes from now on, from everybody; images that are here stay. One that is listed stays as it is',
    scope: 'admin',
    audited: 'blocklist.add',
    body: Type.Object({
      sha256: Type.String({ ...Sha256, description: '`source_sha256`: of the bytes as they are sent' }),
      reason: Type.Optional(Type.String({ maxLength: 300, description: 'For administrators only' })),
    }),
    responses: { 201: BlockedSource },
    errors: [],
  },
  remove: {
    method: 'DELETE',
    path: '/api/v1/admin/blocklist/:sha256',
    summary: 'Take these bytes again',
    scope: 'admin',
    audited: 'blocklist.remove',
    params: Type.Object({ sha256: Sha256 }),
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), sha256: Sha256 }) },
    errors: ['not_found'],
  },
} as const satisfies Routes

import { type Static, Type } from 'typebox'
import type { Routes } from './route.ts'
import { Id, UnixSeconds } from './schemas.ts'

/** What somebody may do in an album of somebody else's. */
export type GrantRole = Static<typeof GrantRole>
export const GrantRole = Type.Union([Type.Literal('view'), Type.Literal('add'), Type.Literal('edit')], {
  description:
    'view: see all its images, private ones too · add: put in own images besides · edit: change the album and take images out besides',
})

export type Grant = Static<typeof Grant>
export const Grant = Type.Object({ username: Type.String(), role: GrantRole, created_at: UnixSeconds })

const Username = Type.String({ minLength: 1, maxLength: 256 })
const GrantParams = Type.Object({ album: Id, username: Username })

export const grantRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/album/:album/grants',
    summary: 'Who else may see or change your album, the first first',
    scope: 'shares:write',
    limit: 'read',
    params: Type.Object({ album: Id }),
    responses: { 200: Type.Object({ items: Type.Array(Grant) }) },
    errors: ['forbidden', 'not_found'],
  },
  put: {
    method: 'PUT',
    path: '/api/v1/album/:album/grants/:username',
    summary: 'Let another account see or change your album, on every server within a second',
    scope: 'shares:write',
    audited: 'grant.put',
    params: GrantParams,
    body: Type.Object({ role: GrantRole }),
    responses: { 200: Grant },
    errors: ['forbidden', 'not_found', 'too_many_grants'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/album/:album/grants/:username',
    summary:
      'Take it back, on every server within a second; what they put in stays, and they may take it out. Who has a grant may end their own',
    scope: 'shares:write',
    audited: 'grant.delete',
    params: GrantParams,
    responses: { 200: Type.Object({ status: Type.Literal('deleted'), username: Type.String() }) },
    errors: ['forbidden', 'not_found'],
  },
} as const satisfies Routes

import { type Static, Type } from 'typebox'
import type { Routes } from './route.ts'
import { UnixSeconds } from './schemas.ts'

export type AuditEntry = Static<typeof AuditEntry>
export const AuditEntry = Type.Object({
  id: Type.String({ description: 'Its place in the log' }),
  at: UnixSeconds,
  action: Type.String({
    description: 'Named at the calls that are recorded; those of `npm run admin` begin with `operator.`',
  }),
  actor: Type.Optional(Type.String({ description: 'The uid of who did it, or `operator`' })),
  username: Type.Optional(Type.String({ description: 'What they were called at that time' })),
  address: Type.Optional(Type.String({ description: 'The network address it came from' })),
  key_id: Type.Optional(Type.String({ description: 'The key or session it was done by' })),
  target: Type.Optional(Type.String({ description: 'What it was done to' })),
  details: Type.Optional(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]))),
})

/** Entries of a page unless the caller names a number. */
export const auditPageSize = 50

/** What is looked at for one page at most, so that a rare action costs many short pages and never a long wait. */
export const auditExamined = 1_000

export const auditRoutes = {
  list: {
    method: 'GET',
    path: '/api/v1/admin/audit',
    summary:
      'What was done to accounts, access and administration, newest first; a page may be short, or empty, and still have a next one. ' +
      'Besides the calls that say so, there are `operator.…` for `npm run admin`, and `login.failed`: at most one a minute for each account, and one for all unknown names together',
    scope: 'admin',
    query: Type.Object({
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: auditPageSize })),
      cursor: Type.Optional(
        Type.String({ pattern: '^\\d{1,12}-\\d{1,12}$', description: '`next_cursor` of the page before' }),
      ),
      from: Type.Optional(Type.Integer({ minimum: 0, description: 'Unix seconds: not before this' })),
      to: Type.Optional(Type.Integer({ minimum: 0, description: 'Unix seconds: before this' })),
      action: Type.Optional(Type.String({ pattern: '^[a-z_.-]{1,60}$', description: 'Only this one' })),
      actor: Type.Optional(Type.String({ maxLength: 256, description: 'Only what this uid or user name did' })),
    }),
    lines: 'All entries of the range, oldest first, one in each line; `limit` and `cursor` do not count',
    responses: {
      200: Type.Object({ items: Type.Array(AuditEntry), next_cursor: Type.Optional(Type.String()) }),
    },
    errors: [],
  },
} as const satisfies Routes

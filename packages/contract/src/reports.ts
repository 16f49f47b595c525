import { type Static, Type } from 'typebox'
import { ImageParams } from './images.ts'
import type { Routes } from './route.ts'
import { cursorPattern, Id, Sha256, UnixSeconds, Visibility } from './schemas.ts'

/** What somebody may say is wrong with an image. */
export const reportReasons = {
  illegal: 'Against the law',
  copyright: 'Somebody else has the rights',
  abuse: 'Hate, threats, harassment',
  privacy: 'Shows somebody who does not want it',
  spam: 'Advertising, fraud',
  other: 'Something else; say it in the message',
} as const

export type ReportReason = keyof typeof reportReasons

/** What an administrator may do about it. Each resolves all open reports of the image. */
const reportActions = {
  hide: 'from now on only its owner and administrators see it, and its owner cannot undo that',
  delete: 'at once and for good',
  block: 'delete it, and refuse these bytes from everybody from now on',
  dismiss: 'nothing is wrong with it',
  restore: 'show it again after `hide`',
} as const

export type ReportAction = keyof typeof reportActions
/** How a report ended; `gone`: the image was deleted or expired without an administrator. */
export type ReportOutcome = ReportAction | 'gone'

const literals = <const T extends string>(table: Readonly<Record<T, string>>, ...more: T[]) =>
  Type.Unsafe<T>(
    Type.Union(
      [...Object.keys(table), ...more].map((name) => Type.Literal(name)),
      {
        description: Object.entries(table)
          .map(([name, words]) => `${name}: ${words}`)
          .join(' · '),
      },
    ),
  )

const ReportReason = literals<ReportReason>(reportReasons)

/** What an administrator has to know of the image to judge; absent once it is gone. */
const ReportedImage = Type.Object({
  url: Type.String(),
  owner_uid: Type.String(),
  username: Type.Optional(Type.String()),
  filename: Type.String(),
  mime: Type.String(),
  visibility: Visibility,
  hidden_at: Type.Optional(UnixSeconds),
  sha256: Type.Optional(Sha256),
  source_sha256: Type.Optional(Sha256),
  open_reports: Type.Integer({ description: 'How many networks have reported it and wait for an answer' }),
})

export type Report = Static<typeof Report>
export const Report = Type.Object({
  id: Id,
  image_id: Id,
  image: Type.Optional(ReportedImage),
  reason: ReportReason,
  message: Type.Optional(Type.String()),
  email: Type.Optional(Type.String()),
  network: Type.String({ description: 'Where it came from: an IPv4 address, or the /64 of an IPv6 one' }),
  created_at: UnixSeconds,
  status: Type.Union([Type.Literal('open'), Type.Literal('resolved')]),
  outcome: Type.Optional(literals<ReportOutcome>({ ...reportActions, gone: 'deleted by its owner, or expired' })),
  resolved_at: Type.Optional(UnixSeconds),
  resolved_by: Type.Optional(Type.String({ description: 'The uid of the administrator' })),
  notified_at: Type.Optional(Type.Integer({ minimum: 0, description: 'When the webhook took it' })),
})

/** Reports of a page unless the caller names a number. */
export const reportsPageSize = 50

export const reportRoutes = {
  create: {
    method: 'POST',
    path: '/api/v1/report/:id',
    summary: 'Tell the administrators that something is wrong with an image; telling it again changes nothing',
    scope: 'none',
    limit: 'report',
    params: ImageParams,
    body: Type.Object({
      reason: Type.Optional(Type.Unsafe<ReportReason>({ ...ReportReason, default: 'other' })),
      message: Type.Optional(Type.String({ maxLength: 1000 })),
      email: Type.Optional(
        Type.String({ maxLength: 254, pattern: '^[^@\\s]+@[^@\\s]+$', description: 'Where you can be asked back' }),
      ),
    }),
    responses: { 202: Type.Object({ status: Type.Literal('received') }) },
    errors: ['not_found', 's3_error'],
  },
  form: {
    method: 'POST',
    path: '/report/:id',
    summary: 'The same for the form of the page of an image, which gets a page',
    scope: 'none',
    limit: 'report',
    params: ImageParams,
    raw: {
      accepts: 'The form, or what the call above takes',
      answers: { 202: '`{"status": "received"}`, or a page that says so' },
    },
    errors: ['not_found', 's3_error'],
  },
  list: {
    method: 'GET',
    path: '/api/v1/admin/reports',
    summary: 'Reports, newest first',
    scope: 'admin',
    query: Type.Object({
      status: Type.Optional(
        Type.Union([Type.Literal('open'), Type.Literal('resolved')], { default: 'open', description: 'Which' }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: reportsPageSize })),
      cursor: Type.Optional(Type.String({ pattern: cursorPattern, description: '`next_cursor` of the page before' })),
    }),
    responses: { 200: Type.Object({ items: Type.Array(Report), next_cursor: Type.Optional(Type.String()) }) },
    errors: [],
  },
  resolve: {
    method: 'PATCH',
    path: '/api/v1/admin/reports/:rid',
    summary: 'Do something about a reported image; resolves all open reports of it',
    scope: 'admin',
    audited: 'report.resolve',
    params: Type.Object({ rid: Id }),
    body: Type.Object({ action: literals<ReportAction>(reportActions) }),
    responses: { 200: Report },
    errors: ['not_found', 's3_error', 'invalid_record'],
  },
} as const satisfies Routes

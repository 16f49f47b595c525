import { type Static, Type } from 'typebox'
import { PreferenceChanges, Preferences } from './preferences.ts'
import type { Routes } from './route.ts'
import { OneTimeCode, UnixSeconds } from './schemas.ts'

export type Credentials = Static<typeof Credentials>
export const Credentials = Type.Object({
  username: Type.String({ minLength: 1, maxLength: 256 }),
  password: Type.String({ minLength: 1, maxLength: 1024 }),
})

/** Nothing is asked of them at login, so that every name and password ever accepted stays usable, however long. */
const KnownCredentials = Type.Object({
  username: Type.String({ minLength: 1 }),
  password: Type.String({ minLength: 1 }),
  otp: Type.Optional(OneTimeCode),
})

const ApiKey = Type.Object({ api_key: Type.String(), username: Type.String() })

/** The account that a key belongs to. */
export const Me = Type.Object({
  uid: Type.String(),
  username: Type.String(),
  created_at: UnixSeconds,
  role: Type.Optional(Type.Literal('admin', { description: 'Present for administrators' })),
  preferences: Preferences,
})

export const accountRoutes = {
  register: {
    method: 'POST',
    path: '/api/v1/register',
    summary: 'Make an account and get its first key',
    scope: 'none',
    audited: 'account.register',
    limit: 'register',
    body: Type.Object({
      ...Credentials.properties,
      invite: Type.Optional(Type.String({ minLength: 1, maxLength: 100, description: 'Code of an invite' })),
    }),
    responses: { 200: ApiKey },
    errors: ['conflict', 'registration_closed', 'invite_invalid', 'overloaded'],
  },
  login: {
    method: 'POST',
    path: '/api/v1/login',
    summary: 'Get a new key for an account',
    scope: 'none',
    audited: 'account.login',
    limit: 'login',
    body: KnownCredentials,
    responses: { 200: ApiKey },
    errors: ['auth', 'otp_required', 'overloaded'],
  },
  issueDevKey: {
    method: 'POST',
    path: '/api/v1/dev/issue-key',
    summary: 'A key of a throw-away account; only where the server runs with DEV_ISSUE_KEY=1',
    scope: 'none',
    responses: { 200: Type.Object({ api_key: Type.String(), uid: Type.String() }) },
    errors: ['not_found'],
  },
  me: {
    method: 'GET',
    path: '/api/v1/me',
    summary: 'Who you are, and your preferences',
    scope: 'account',
    responses: { 200: Me },
    errors: [],
  },
  update: {
    method: 'PATCH',
    path: '/api/v1/me',
    summary: 'Change preferences; null takes one back to its default',
    scope: 'account',
    body: Type.Object({ preferences: Type.Optional(PreferenceChanges) }),
    responses: { 200: Me },
    errors: [],
  },
  changePassword: {
    method: 'POST',
    path: '/api/v1/me/password',
    summary:
      'Change the password. Ends your other sessions, the keys that logins made and all keys of the Flask project; ' +
      'the session or login key that asks stays, and so do the keys made by hand',
    scope: 'account',
    audited: 'password.change',
    sensitive: true,
    limit: 'password',
    body: Type.Object({ current: Type.String({ minLength: 1 }), new: Credentials.properties.password }),
    responses: { 200: Type.Object({ status: Type.Literal('changed') }) },
    errors: ['forbidden', 'overloaded'],
  },
  export: {
    method: 'GET',
    path: '/api/v1/me/export',
    summary:
      'All that is here of you as a zip: account, keys without their secrets, images and albums and what is known of them',
    scope: 'account',
    limit: 'export',
    audited: 'account.export',
    raw: { answers: { 200: 'A zip, made while it is sent' } },
    errors: [],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/me',
    summary:
      'Delete the account with all that it owns, at once and for good. A key needs the password with it; a session must ' +
      'have been confirmed',
    scope: 'account',
    sensitive: true,
    cookie: true,
    limit: 'password',
    audited: 'account.delete',
    body: Type.Object({ password: Type.Optional(Type.String({ minLength: 1 })) }),
    responses: { 200: Type.Object({ status: Type.Literal('deleted') }) },
    errors: ['forbidden', 'overloaded', 's3_error'],
  },
} as const satisfies Routes

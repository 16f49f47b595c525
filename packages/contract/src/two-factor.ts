import { Type } from 'typebox'
import type { Routes } from './route.ts'
import { OneTimeCode } from './schemas.ts'

/** A key that was stolen must not lock its owner out, nor open the way for a password that was stolen with it. */
const PasswordWithKey = Type.Optional(
  Type.Object({
    password: Type.Optional(
      Type.String({ minLength: 1, description: 'Needed with a key; a session was confirmed instead' }),
    ),
  }),
)

export const twoFactorRoutes = {
  get: {
    method: 'GET',
    path: '/api/v1/me/otp',
    summary: 'Whether logging in needs a one-time code, and how many recovery codes are left',
    scope: 'account',
    responses: {
      200: Type.Object({ enabled: Type.Boolean(), recovery_codes_left: Type.Optional(Type.Integer()) }),
    },
    errors: [],
  },
  begin: {
    method: 'POST',
    path: '/api/v1/me/otp',
    summary: 'Get a secret for an authenticator app; nothing changes before a code of it is confirmed',
    scope: 'account',
    sensitive: true,
    limit: 'password',
    body: PasswordWithKey,
    responses: {
      200: Type.Object({
        secret: Type.String({ description: 'Base32, for typing' }),
        uri: Type.String({ description: '`otpauth://…`, for a QR code' }),
      }),
    },
    errors: ['conflict', 'forbidden', 'overloaded'],
  },
  confirm: {
    method: 'POST',
    path: '/api/v1/me/otp/confirm',
    summary: 'Turn two-factor on by a first code; the recovery codes are shown in this answer and never again',
    scope: 'account',
    audited: 'two_factor.on',
    sensitive: true,
    limit: 'password',
    body: Type.Object({ otp: OneTimeCode }),
    responses: {
      200: Type.Object({
        recovery_codes: Type.Array(Type.String(), { description: 'Each logs in once, in place of a code' }),
      }),
    },
    errors: ['conflict', 'forbidden'],
  },
  delete: {
    method: 'DELETE',
    path: '/api/v1/me/otp',
    summary: 'Turn two-factor off; the secret and the recovery codes are forgotten',
    scope: 'account',
    audited: 'two_factor.off',
    sensitive: true,
    limit: 'password',
    body: PasswordWithKey,
    responses: { 200: Type.Object({ status: Type.Literal('deleted') }) },
    errors: ['not_found', 'forbidden', 'overloaded'],
  },
} as const satisfies Routes

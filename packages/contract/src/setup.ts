import { Type } from 'typebox'
import { Me } from './accounts.ts'
import type { Routes } from './route.ts'

export const setupRoutes = {
  claim: {
    method: 'POST',
    path: '/api/v1/setup',
    summary: 'Become the first administrator, by the code that the server prints when it starts and has none',
    scope: 'account',
    limit: 'password',
    audited: 'setup.claim',
    body: Type.Object({ code: Type.String({ minLength: 1, maxLength: 100 }) }),
    responses: { 200: Me },
    errors: ['forbidden', 'conflict'],
  },
} as const satisfies Routes

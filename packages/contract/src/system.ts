import { Type } from 'typebox'
import type { Routes } from './route.ts'

export const systemRoutes = {
  health: {
    method: 'GET',
    path: '/api/v1/health',
    alias: '/health',
    summary: 'Whether the server answers',
    scope: 'none',
    responses: { 200: Type.Object({ status: Type.Literal('ok') }) },
    errors: [],
  },
  redisCheck: {
    method: 'GET',
    path: '/api/v1/redis-check',
    alias: '/redis-check',
    summary: 'Whether the database answers',
    scope: 'none',
    responses: { 200: Type.Object({ redis: Type.Boolean(), engine: Type.Optional(Type.Literal('sqlite')) }) },
    errors: ['redis_unreachable'],
  },
  site: {
    method: 'GET',
    path: '/api/v1/site',
    summary: 'What somebody may know who has not logged in: whether accounts can be made, and what is taken',
    scope: 'none',
    responses: {
      200: Type.Object({
        registration: Type.Union([Type.Literal('open'), Type.Literal('invite'), Type.Literal('closed')]),
        max_upload_bytes: Type.Integer(),
        anonymous_uploads: Type.Boolean(),
      }),
    },
    errors: [],
  },
  live: {
    method: 'GET',
    path: '/live',
    summary: 'Liveness: the process runs',
    scope: 'none',
    responses: { 200: Type.Object({ status: Type.Literal('ok') }) },
    errors: [],
  },
  ready: {
    method: 'GET',
    path: '/ready',
    summary: 'Readiness: database and storage answer, and the server is not stopping',
    scope: 'none',
    responses: { 200: Type.Object({ status: Type.Literal('ok') }) },
    errors: ['s3_error', 'overloaded'],
  },
  metrics: {
    method: 'GET',
    path: '/metrics',
    summary: 'Prometheus metrics, for the METRICS_TOKEN or for loopback without a forwarding header',
    scope: 'none',
    raw: { answers: { 200: 'Prometheus text format' } },
    errors: ['auth'],
  },
  openapi: {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This API as OpenAPI 3.1',
    scope: 'none',
    raw: { answers: { 200: 'An OpenAPI 3.1 document' } },
    errors: [],
  },
  docs: {
    method: 'GET',
    path: '/docs',
    summary: 'The API reference as a page',
    scope: 'none',
    raw: { answers: { 200: 'A page' } },
    errors: [],
  },
} as const satisfies Routes

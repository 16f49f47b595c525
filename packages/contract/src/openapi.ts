import { Type } from 'typebox'
import { type ErrorCode, errors } from './errors.ts'
import { api } from './index.ts'
import type { Route } from './route.ts'

/** What any route can answer. */
export const universalErrors = ['internal_error', 'service_error'] as const satisfies readonly ErrorCode[]

/** Errors that a route can answer besides those: its own, and those that come with what it takes. */
export function errorsOf(route: Route): ErrorCode[] {
  const takesInput = Boolean(route.raw?.accepts ?? route.params ?? route.query ?? route.body)
  const codes: ErrorCode[] = [
    ...(takesInput ? (['validation'] as const) : []),
    ...(route.scope !== 'none' && route.scope !== 'optional' ? (['auth', 'insufficient_scope'] as const) : []),
    ...(route.sensitive ? (['confirmation_needed'] as const) : []),
    ...(route.repeatable ? (['request_in_progress', 'idempotency_mismatch'] as const) : []),
    ...(route.limit ? (['rate_limited'] as const) : []),
    ...(route.scope !== 'none' && route.method !== 'GET' ? (['cross_origin'] as const) : []),
    ...route.errors,
  ]
  return [...new Set(codes)].sort((a, b) => errors[a].status - errors[b].status)
}

/** The whole API as an OpenAPI 3.1 document, printed from the table. */
export function openapi(baseUrl: string): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const [noun, routes] of Object.entries(api)) {
    for (const [name, route] of Object.entries<Route>(routes)) {
      const path = openapiPath(route.path)
      paths[path] ??= {}
      paths[path][route.method.toLowerCase()] = operation(noun, name, route)
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'ImageHost',
      version: '1',
      description: 'Images in, short links out.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: baseUrl }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-API-Key' },
        bearer: { type: 'http', scheme: 'bearer' },
        session: { type: 'apiKey', in: 'cookie', name: 'imagehost' },
      },
      schemas: { Error: errorSchema },
    },
  }
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message', 'request_id'],
      properties: {
        code: { enum: Object.keys(errors) },
        message: { type: 'string' },
        request_id: { type: 'string' },
        details: { type: 'object' },
      },
    },
  },
}

const openapiPath = (path: string): string => path.replace(/:(\w+)/g, '{$1}').replace('*', '{path}')

function operation(noun: string, name: string, route: Route): object {
  return {
    operationId: `${noun}.${name}`,
    tags: [noun],
    summary: route.summary,
    parameters: [...parameters(route.params, 'path'), ...parameters(route.query, 'query'), ...wildcard(route)],
    ...(route.body && {
      requestBody: { required: !Type.IsOptional(route.body), content: { 'application/json': { schema: route.body } } },
    }),
    ...(route.raw?.accepts && { requestBody: { description: route.raw.accepts, content: { '*/*': {} } } }),
    responses: { ...successes(route), ...failures(route) },
    ...securityOf(route),
    ...(route.audited && { 'x-audited': route.audited }),
  }
}

interface ObjectSchema {
  properties?: Record<string, { description?: string }>
  required?: string[]
}

function parameters(schema: object | undefined, location: 'path' | 'query'): object[] {
  const { properties = {}, required = [] } = (schema ?? {}) as ObjectSchema
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: location,
    required: location === 'path' || (required.includes(name) && !('default' in property)),
    ...(property.description && { description: property.description }),
    schema: property,
  }))
}

const wildcard = (route: Route): object[] =>
  route.path.includes('*') ? [{ name: 'path', in: 'path', required: true, schema: { type: 'string' } }] : []

function successes(route: Route): Record<string, object> {
  if (route.raw) {
    return Object.fromEntries(
      Object.entries(route.raw.answers).map(([status, description]) => [status, { description }]),
    )
  }
  const lines = route.lines && { 'application/x-ndjson': { schema: { type: 'string', description: route.lines } } }
  return Object.fromEntries(
    Object.entries(route.responses).map(([status, schema]) => [
      status,
      { description: 'Done', content: { 'application/json': { schema }, ...lines } },
    ]),
  )
}

function failures(route: Route): Record<string, object> {
  const byStatus = Map.groupBy([...errorsOf(route), ...universalErrors], (code) => errors[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${errors[code].message}`).join(' · '),
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    ]),
  )
}

function securityOf(route: Route): object {
  if (route.scope === 'none') return { security: [] }
  const keys = [{ apiKey: [] }, { bearer: [] }, { session: [] }]
  return { security: route.scope === 'optional' ? [{}, ...keys] : keys, 'x-scope': route.scope }
}

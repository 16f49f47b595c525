import { Type } from 'typebox'
import type { Routes } from './route.ts'

/** An id with any extension: the type is ours, not the address's. */
const FileParams = Type.Object({
  file: Type.String({ pattern: '^[A-Za-z0-9_-]{1,64}(\\.[A-Za-z0-9]{1,10})?$', description: 'id, or id.ext' }),
})

export const deliveryRoutes = {
  bytes: {
    method: 'GET',
    path: '/i/:file',
    summary: 'The image itself',
    scope: 'optional',
    limit: 'read',
    params: FileParams,
    query: Type.Object({
      download: Type.Optional(Type.String({ maxLength: 10, description: 'Present: as an attachment' })),
    }),
    raw: {
      answers: {
        200: 'The bytes',
        206: 'The range that was asked for',
        304: 'Nothing: yours is still the same',
      },
    },
    errors: ['not_found', 'range_not_satisfiable', 's3_error'],
  },
} as const satisfies Routes

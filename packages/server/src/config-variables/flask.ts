import type { Variable } from './variable.ts'

export const flaskVariables = {
  FLASK_SECRET: {
    type: 'secret',
    group: 'Moving from Flask',
    help: 'The secret of the Flask project: its API keys stay valid, and metadata is then in Redis at `redis://localhost:6379/0` unless REDIS_URL says otherwise.',
  },
  FLASK_DEBUG: {
    type: 'string',
    group: 'Moving from Flask',
    help: 'Not used any more; LOG_LEVEL replaces it.',
  },
} as const satisfies Record<string, Variable>
